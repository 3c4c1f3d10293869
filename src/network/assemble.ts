import type { Addresses } from './addresses/addresses.ts';
import type { Devices } from './devices.ts';
import type { Expectation } from './expectation.ts';
import type { Leg } from './legs.ts';
import type { SourceNats } from './nat/source-nat.ts';
import type { Forward } from './nat/translation.ts';
import type { Attachment, BridgeDevice, Group, HostLeg, Interface, Network, Node, ProcessSpec, Resolver, Segment } from './network.ts';
import type { BridgeDraft, NodeDraft } from './nodes.ts';
import { NOTHING_OUT } from './outage.ts';
import type { OverlayDraft } from './overlay/overlay.ts';
import type { Endpoint, Overlay } from './overlay/tunnel.ts';
import type { Policy } from './policy/policy-line.ts';
import { isLearning, learnedRoutes } from './routing/learned-routes.ts';
import type { Bgp, Ospf } from './routing/protocols.ts';
import type { Routes } from './routing/routes.ts';
import { type SegmentDraft, switchOf } from './segments.ts';
import type { Service } from './service.ts';
import type { Trunk, Wire } from './switching/cables.ts';
import { type Switching, switchAt } from './switching/switches.ts';

export interface Parts {
  readonly segments: readonly SegmentDraft[];
  readonly switching: Switching;
  readonly trunks: readonly Trunk[];
  readonly nodes: readonly NodeDraft[];
  readonly groups: readonly Group[];
  readonly policy: Policy | undefined;
  readonly expectations: readonly Expectation[];
  readonly nats: SourceNats;
  readonly devices: Devices;
  readonly macs: ReadonlyMap<Leg, string>;
  readonly wires: ReadonlyMap<string, readonly Wire[]>;
  readonly addresses: Addresses;
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  readonly routes: Routes;
  readonly ospf: ReadonlyMap<string, Ospf>;
  readonly bgp: ReadonlyMap<string, Bgp>;
  readonly resolvers: ReadonlyMap<string, Resolver>;
  readonly listens: ReadonlyMap<string, readonly Service[]>;
  readonly processes: ReadonlyMap<string, readonly ProcessSpec[]>;
}

/** Puts together what the passes have found, and freezes it. */
export function assemble(name: string, parts: Parts): Network {
  const hostLegs = new Map<string, Leg>();
  for (const leg of parts.macs.keys()) if (leg.role === 'host') hostLegs.set(leg.segment, leg);
  const segments = parts.segments.map((draft) => segmentOf(draft, hostLegs.get(draft.name), parts));
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const nodes = parts.nodes.map((draft) => nodeOf(draft, byName, parts));
  const { groups, policy, expectations, trunks } = parts;
  const { switches } = parts.switching;
  return freeze({ name, segments, switches, trunks, nodes, groups, ...(policy !== undefined && { policy }), forwards: [], expectations });
}

/** What routers learn depends on everybody's networks. */
export function withLearned(network: Network): Network {
  if (!network.nodes.some(isLearning)) return network;
  const learned = ([4, 6] as const).map((family) => learnedRoutes(network, family, NOTHING_OUT));
  const nodes = network.nodes.map((node) => Object.freeze({ ...node, learned: learned.flatMap((routes) => routes.get(node.name) ?? []) }));
  return Object.freeze({ ...network, nodes: Object.freeze(nodes) });
}

/** Forwards come last: where they lead depends on everybody's routes. */
export function withForwards(network: Network, forwards: readonly Forward[]): Network {
  freezeAll(forwards);
  return Object.freeze({ ...network, forwards });
}

function segmentOf(draft: SegmentDraft, hostLeg: Leg | undefined, parts: Parts): Segment {
  const { spec: _spec, mode: _mode, overlay, switches: _switches, ...rest } = draft;
  const vlan = parts.switching.vlans.get(draft.name);
  const nat = parts.nats.ofSegment.get(draft.name);
  return {
    ...rest,
    attachment: attachmentOf(draft, hostLeg, parts),
    ...(nat !== undefined && { nat }),
    ...(vlan !== undefined && { vlan }),
    ...(overlay !== undefined && { overlay: overlayOf(draft.name, overlay, parts) }),
  };
}

function overlayOf(name: string, { over: _over, ...rest }: OverlayDraft, { endpoints }: Parts): Overlay {
  return { ...rest, endpoints: endpoints.get(name) ?? [] };
}

function attachmentOf({ name, mode }: SegmentDraft, hostLeg: Leg | undefined, parts: Parts): Attachment {
  const device = parts.devices.ofHost.get(name) ?? '';
  switch (mode.kind) {
    case 'internal':
      return { mode: 'internal' };
    case 'macvlan':
      return { mode: 'macvlan', parent: mode.parent };
    case 'port':
      return { mode: 'port', parent: mode.parent, device };
    case 'bridge':
      return { mode: 'bridge', bridge: mode.bridge, device };
    default:
      return { mode: mode.kind, host: hostLegOf(name, device, hostLeg, parts) };
  }
}

function hostLegOf(segment: string, device: string, leg: Leg | undefined, parts: Parts): HostLeg {
  const where = leg && switchAt(leg, parts.switching);
  return {
    device,
    mac: (leg && parts.macs.get(leg)) ?? '',
    addresses: (leg && parts.addresses.get(leg)) ?? [],
    routes: parts.routes.ofHost.get(segment) ?? [],
    ...(where !== undefined && { switch: where }),
  };
}

function nodeOf(draft: NodeDraft, segments: ReadonlyMap<string, Segment>, parts: Parts): Node {
  const { name, kind, origin } = draft;
  const ospf = parts.ospf.get(name);
  const bgp = parts.bgp.get(name);
  return {
    name,
    kind,
    interfaces: draft.legs.map((leg) => interfaceOf(leg, segments, parts)),
    wires: parts.wires.get(name) ?? [],
    ...(draft.kind === 'bridge' && draft.own !== undefined && { bridge: bridgeOf(draft, draft.own, segments, parts) }),
    routes: parts.routes.ofNode.get(name) ?? [],
    ...(ospf !== undefined && { ospf }),
    ...(bgp !== undefined && { bgp }),
    learned: [],
    resolver: parts.resolvers.get(name) ?? { servers: [], search: [], host: false },
    processes: parts.processes.get(name) ?? [],
    listens: parts.listens.get(name) ?? [],
    ...(draft.kind === 'machine' && draft.spec.tenant !== undefined && { tenant: draft.spec.tenant }),
    nat: parts.nats.ofNode.get(name) ?? [],
    origin,
  };
}

function interfaceOf(leg: Leg, segments: ReadonlyMap<string, Segment>, parts: Parts): Interface {
  const where = switchAt(leg, parts.switching);
  const isOnWire = parts.wires.get(leg.node)?.some((wire) => wire.switch === where && carries(wire, leg.segment)) === true;
  const impairment = isOnWire ? undefined : (leg.impairment ?? segments.get(leg.segment)?.impairment);
  return {
    segment: leg.segment,
    ...(where !== undefined && { switch: where }),
    ...(leg.tagged === true && { tagged: true as const }),
    device: parts.devices.ofLeg.get(leg) ?? '',
    mac: parts.macs.get(leg) ?? '',
    addresses: parts.addresses.get(leg) ?? [],
    ...(impairment !== undefined && { impairment }),
    origin: leg.origin,
  };
}

const carries = ({ tagged, untagged }: Wire, segment: string): boolean => untagged === segment || tagged.includes(segment);

function bridgeOf(draft: BridgeDraft, own: Leg, segments: ReadonlyMap<string, Segment>, parts: Parts): BridgeDevice {
  return {
    device: parts.devices.ofLeg.get(own) ?? '',
    mac: parts.macs.get(own) ?? '',
    addresses: parts.addresses.get(own) ?? [],
    ...switchOf(draft.spec),
    // A bridge passes on no more than its narrowest side takes.
    mtu: Math.min(...draft.legs.map(({ segment }) => segments.get(segment)?.mtu ?? Number.POSITIVE_INFINITY)),
  };
}

/** As deep as the network's own parts go; what they share with the passes is not written to again. */
function freeze(network: Network): Network {
  for (const node of network.nodes) {
    for (const list of [node.interfaces, node.routes, node.processes, node.listens]) freezeAll(list);
    Object.freeze(node.resolver);
  }
  if (network.policy !== undefined) {
    freezeAll(network.policy.lines);
    Object.freeze(network.policy);
  }
  for (const list of [network.segments, network.switches, network.trunks, network.nodes, network.groups, network.expectations])
    freezeAll(list);
  return Object.freeze(network);
}

function freezeAll(list: readonly object[]): void {
  for (const one of list) Object.freeze(one);
  Object.freeze(list);
}
