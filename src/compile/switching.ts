/** Segments as bridges in the fabric, cables between switch and machine, and the ways to the host. */
import { deviceName } from '../network/device-name.ts';
import { murmur3 } from '../network/hash.ts';
import type { Network, Node, Segment } from '../network/network.ts';
import type { Bridge } from '../resource/bridge.ts';
import type { BridgePort } from '../resource/bridge-port.ts';
import type { ForwardingEntry } from '../resource/forwarding-entry.ts';
import type { Macvlan } from '../resource/macvlan.ts';
import type { OvsPort } from '../resource/ovs-port.ts';
import { HOST } from '../resource/resource.ts';
import type { Tunnel } from '../resource/tunnel.ts';
import type { Veth, VethEnd } from '../resource/veth.ts';
import { fabricMac } from './fabric-mac.ts';
import { forwardsLoopback } from './loopback.ts';
import { compileOverlay } from './overlay.ts';
import {
  fabricOf,
  hasSwitch,
  hostSwitch,
  namespaceOf,
  type Plug,
  type Plugged,
  pluggedOf,
  portDevice,
  switchDevice,
  switchNamespace,
} from './placement.ts';
import { accessTo, type Ports } from './ports.ts';

type Wire = Bridge | BridgePort | Veth | Macvlan | Tunnel | ForwardingEntry | OvsPort;

/** A Linux bridge takes 1,023 ports (BR_PORT_BITS). Hashing spreads unevenly, so leaves are filled to fewer. */
const PORTS_PER_BRIDGE = 800;

/** The least that the kernel takes; without the spanning tree protocol nothing waits for it. */
const LEAST_FORWARD_DELAY = 2;

export function compileSwitching(network: Network, ports: Ports): readonly Wire[] {
  return [
    ...network.nodes.flatMap((node) => bridgeBox(network, node)),
    ...pluggedOf(network).flatMap((plugged) => segmentWires(network, plugged, ports)),
  ];
}

function segmentWires(network: Network, plugged: Plugged, ports: Ports): readonly Wire[] {
  const { segment, plugs } = plugged;
  if (segment.kind === 'link') return cable(network, plugged);
  if (segment.overlay !== undefined) return compileOverlay(network, plugged, segment.overlay);
  if (segment.attachment.mode === 'macvlan')
    return plugs.map((plug) => macvlan(network, segment, segment.attachment.mode === 'macvlan' ? segment.attachment.parent : '', plug));
  if (segment.vlan !== undefined) return sharedWires(network, plugged, ports);
  const leaves = Math.max(1, Math.ceil(plugs.length / PORTS_PER_BRIDGE));
  const trunks = Array.from({ length: leaves - 1 }, (_, i) => leafWires(network, segment, i + 1)).flat();
  const cables = plugs.map((plug) => portWire(network, segment, leafName(segment, murmur3(plug.node.name, 0) % leaves), plug));
  return [switchBridge(network, segment, switchDevice(segment)), ...trunks, ...cables, ...hostWires(network, segment)];
}

/** On a switch that it shares: a port for each that has no cable of several networks. */
function sharedWires(network: Network, { segment, plugs }: Plugged, ports: Ports): readonly Wire[] {
  const plug = (cable: Veth, where: string): readonly Wire[] => {
    const [near, { master: _own, ...far }] = cable.ends;
    const checksumOffload = segment.checksumOffload && !ports.isOpen(where);
    const namespace = switchNamespace(network, where);
    const { end, more } = ports.plug(where, { ...far, namespace, vlans: accessTo(segment), checksumOffload }, cable.origin);
    return [{ ...cable, ends: [{ ...near, checksumOffload }, end] }, ...more];
  };
  const first = segment.vlan?.switches[0] ?? '';
  const own = plugs.filter(
    ({ node, interface: { tagged } }) => tagged !== true && !node.wires.some(({ untagged }) => untagged === segment.name),
  );
  return [
    ...own.flatMap((one) => plug(portWire(network, segment, '', one), one.interface.switch ?? first)),
    ...hostWires(network, segment).flatMap((wire) => {
      if (wire.kind !== 'veth') return [wire];
      const [far, near] = wire.ends;
      const plugged = plug({ ...wire, ends: [near, far] }, hostSwitch(segment) ?? first);
      return plugged.map((part) => (part.kind === 'veth' ? { ...part, ends: [part.ends[1], part.ends[0]] as const } : part));
    }),
  ];
}

/**
 * For a port of a bridge that is not ours: a bridge takes the lowest MAC address of its ports unless it was given one, and
 * the host would change its own in the middle of its connections. None of a real card is higher than `fe:`.
 */
const guestMac = (network: Network, name: string): string => `fe${fabricMac(network, name).slice(2)}`;

function switchBridge(network: Network, segment: Segment, device: string): Bridge {
  const { mtu, stp, ageing, origin } = segment;
  const forwardDelay = Math.max(segment.forwardDelay, LEAST_FORWARD_DELAY);
  return {
    kind: 'bridge',
    origin,
    namespace: fabricOf(network.name),
    device,
    mac: fabricMac(network, device),
    mtu,
    stp,
    forwardDelay,
    ageing,
    up: true,
  };
}

const leafName = (segment: Segment, leaf: number): string =>
  leaf === 0 ? switchDevice(segment) : deviceName(`${segment.name}.${leaf}`, new Set());

/** A further bridge for a segment with more ports than one can have, with the cable to the first. */
function leafWires(network: Network, segment: Segment, leaf: number): readonly Wire[] {
  const device = leafName(segment, leaf);
  const fabric = fabricOf(network.name);
  const end = (name: string, master: string): VethEnd => ({
    namespace: fabric,
    device: name,
    mac: fabricMac(network, name),
    master,
    checksumOffload: segment.checksumOffload,
    up: true,
  });
  const up = deviceName(`${segment.name}.${leaf}.up`, new Set());
  const down = deviceName(`${segment.name}.${leaf}.down`, new Set());
  return [
    switchBridge(network, segment, device),
    {
      kind: 'veth',
      origin: segment.origin,
      name: `@trunk/${segment.name}/${leaf}`,
      ends: [end(up, device), end(down, switchDevice(segment))],
      mtu: segment.mtu,
    },
  ];
}

/** The machine's end; in a box that bridges, it is a port of the box's bridge. */
function nearEnd(network: Network, segment: Segment, { node, interface: own }: Plug): VethEnd {
  const master = node.bridge?.device;
  return {
    namespace: namespaceOf(network.name, node.name),
    device: own.device,
    mac: own.mac,
    ...(master === undefined ? {} : { master }),
    checksumOffload: segment.checksumOffload,
    up: true,
  };
}

function portWire(network: Network, segment: Segment, bridge: string, plug: Plug): Veth {
  const device = portDevice(plug.node, plug.interface);
  return {
    kind: 'veth',
    origin: plug.interface.origin,
    name: `${plug.node.name}/${segment.name}`,
    ends: [
      nearEnd(network, segment, plug),
      {
        namespace: fabricOf(network.name),
        device,
        mac: fabricMac(network, device),
        master: bridge,
        checksumOffload: segment.checksumOffload,
        up: true,
      },
    ],
    mtu: segment.mtu,
  };
}

/** The end that comes first is a matter of names, not of which stands first in the file. */
const byNode = (one: Plug, other: Plug): number => (one.node.name < other.node.name ? -1 : 1);

function cable(network: Network, { segment, plugs }: Plugged): readonly Veth[] {
  const [one, other] = plugs.toSorted(byNode);
  if (one === undefined || other === undefined) return [];
  return [
    {
      kind: 'veth',
      origin: segment.origin,
      name: `${one.node.name}/${segment.name}`,
      ends: [nearEnd(network, segment, one), nearEnd(network, segment, other)],
      mtu: segment.mtu,
    },
  ];
}

function macvlan(network: Network, segment: Segment, parent: string, { node, interface: own }: Plug): Macvlan {
  return {
    kind: 'macvlan',
    origin: own.origin,
    namespace: namespaceOf(network.name, node.name),
    device: own.device,
    parent,
    mac: own.mac,
    mtu: segment.mtu,
    up: true,
  };
}

/** The cable from the switch to the host, with what it ends in there. */
function hostWires(network: Network, segment: Segment): readonly Wire[] {
  const { attachment } = segment;
  if (!hasSwitch(segment)) return [];
  switch (attachment.mode) {
    case 'host-only':
    case 'nat':
    case 'routed':
      return [
        hostCable(network, segment, {
          device: attachment.host.device,
          mac: attachment.host.mac,
          ...(forwardsLoopback(network) ? { localnet: true } : {}),
        }),
      ];
    case 'bridge':
      return [
        hostCable(network, segment, { device: attachment.device, mac: guestMac(network, attachment.device), master: attachment.bridge }),
      ];
    case 'port': {
      const port = deviceName(`${attachment.device}.0`, new Set([attachment.device]));
      return [
        { ...switchBridge(network, segment, attachment.device), namespace: HOST },
        { kind: 'bridge-port', origin: segment.origin, device: attachment.parent, master: attachment.device },
        hostCable(network, segment, { device: port, mac: fabricMac(network, port), master: attachment.device }),
      ];
    }
    default:
      return [];
  }
}

function hostCable(network: Network, segment: Segment, far: Pick<VethEnd, 'device' | 'mac' | 'master' | 'localnet'>): Veth {
  const device = portDevice('host', { segment: segment.name });
  const { checksumOffload } = segment;
  return {
    kind: 'veth',
    origin: segment.origin,
    name: `@host/${segment.name}`,
    ends: [
      {
        namespace: fabricOf(network.name),
        device,
        mac: fabricMac(network, device),
        master: switchDevice(segment),
        checksumOffload,
        up: true,
      },
      { namespace: HOST, ...far, checksumOffload, up: true },
    ],
    mtu: segment.mtu,
  };
}

/** The bridge inside of a box that joins segments. */
function bridgeBox(network: Network, node: Node): readonly Bridge[] {
  if (node.bridge === undefined) return [];
  const { device, mac, stp, forwardDelay, ageing, mtu } = node.bridge;
  return [
    {
      kind: 'bridge',
      origin: node.origin,
      namespace: namespaceOf(network.name, node.name),
      device,
      mac,
      mtu,
      stp,
      forwardDelay: Math.max(forwardDelay, LEAST_FORWARD_DELAY),
      ageing,
      up: true,
    },
  ];
}
