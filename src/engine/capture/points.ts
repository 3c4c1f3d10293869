/** Where a capture listens, in the words of the file. */
import { formatAddress } from '../../address/format.ts';
import { hasSwitch, namespaceOf, switchNamespace } from '../../compile/placement.ts';
import { portsOfSwitch } from '../../compile/switching/ports.ts';
import { suggest } from '../../diagnostic/suggest.ts';
import type { Interface, InterfaceAddress, Network, Node, Segment } from '../../network/network.ts';
import type { CapturePoint, Tap } from '../../observe/capture/taps.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import type { Veth } from '../../resource/veth.ts';
import { EngineError } from '../error.ts';

/** The loopback device of a machine: `web/lo`. */
const LOOPBACK = 'lo';

/**
 * The points that names stand for, each once: `web` and `core` are the interfaces of a machine or router, `web/dmz` is one of
 * them, `host` is all of the host's, a group is its members. A network is its switch, or its part of those that it shares, a
 * switch is what is plugged into it, a link is the cable: one point that sees each packet once, or, with `ports`, each end.
 *
 * @throws EngineError `no-machine`
 */
export function capturePoints(
  network: Network,
  resources: readonly Resource[],
  where: readonly string[],
  ports: boolean,
): readonly CapturePoint[] {
  const veths = resources.filter((resource) => resource.kind === 'veth');
  const found = where.flatMap((name) => pointsOf({ network, veths, ports }, name));
  return [...new Map(found.map((point) => [point.name, point])).values()];
}

interface Scene {
  readonly network: Network;
  readonly veths: readonly Veth[];
  readonly ports: boolean;
}

function pointsOf(scene: Scene, name: string): readonly CapturePoint[] {
  const { network } = scene;
  const slash = name.indexOf('/');
  const owner = slash < 0 ? name : name.slice(0, slash);
  const segmentName = slash < 0 ? undefined : name.slice(slash + 1);
  if (owner === 'host') return hostPoints(scene, segmentName);
  const node = network.nodes.find((one) => one.name === owner);
  if (node !== undefined) return nodePoints(network, node, segmentName);
  if (network.switches.some((one) => one.name === owner)) return switchPoints(scene, owner, segmentName);
  const segment = network.segments.find((one) => one.name === name);
  if (segment !== undefined) return segmentPoints(scene, segment);
  const group = network.groups.find((one) => one.name === name);
  if (group !== undefined) return group.members.flatMap((member) => pointsOf(scene, member));
  throw unknown(network, name);
}

function nodePoints(network: Network, node: Node, only: string | undefined): readonly CapturePoint[] {
  if (only === LOOPBACK && !node.interfaces.some(({ segment }) => segment === LOOPBACK)) {
    // There everything that leaves comes in again.
    const name = `${node.name}/${LOOPBACK}`;
    const tap = { name, namespace: namespaceOf(network.name, node.name), device: LOOPBACK, ignoreOutgoing: true };
    return [{ name, description: `loopback of ${node.kind} ${node.name}`, addresses: [], taps: [tap] }];
  }
  const chosen = node.interfaces.filter(({ segment }) => only === undefined || segment === only);
  if (chosen.length > 0) return chosen.map((own) => interfacePoint(network, node, own));
  const networks = node.interfaces.map(({ segment }) => segment);
  throw new EngineError('no-machine', `${node.name} has no interface ${only === undefined ? '' : `in ${only}`}`.trim(), {
    remedy: networks.length === 0 ? 'It is in no network.' : `It is in ${networks.join(', ')}.`,
  });
}

function interfacePoint(network: Network, node: Node, { segment, device, mac, addresses }: Interface): CapturePoint {
  const name = `${node.name}/${segment}`;
  return {
    name,
    description: `${node.kind} ${node.name} in ${segment}${listed(addresses)}`,
    mac,
    addresses,
    taps: [{ name, namespace: namespaceOf(network.name, node.name), device, ignoreOutgoing: false }],
  };
}

const listed = (addresses: readonly InterfaceAddress[]): string =>
  addresses.map(({ address, prefixLength }) => `, ${formatAddress(address)}/${prefixLength}`).join('');

/** The host's ends of the cables to the switches of the bottle. */
function hostPoints({ network, veths }: Scene, only: string | undefined): readonly CapturePoint[] {
  const ends = veths.flatMap(({ name, ends: [, far] }) => (name.startsWith(HOST_CABLE) && far.namespace === HOST ? [{ name, far }] : []));
  const points = ends.map(({ name, far }): CapturePoint => {
    const segment = network.segments.find((one) => one.name === name.slice(HOST_CABLE.length));
    const addresses = segment !== undefined && 'host' in segment.attachment ? segment.attachment.host.addresses : [];
    const tapName = `host/${name.slice(HOST_CABLE.length)}`;
    return {
      name: tapName,
      description: `device ${far.device} of the host${listed(addresses)}`,
      mac: far.mac,
      addresses,
      taps: [{ name: tapName, namespace: HOST, device: far.device, ignoreOutgoing: false }],
    };
  });
  const chosen = points.filter(({ name }) => only === undefined || name === `host/${only}`);
  if (chosen.length > 0) return chosen;
  throw new EngineError('no-machine', `the host has no device in ${only ?? network.name}`, {
    remedy:
      points.length === 0
        ? `No network of ${network.name} is joined with the host.`
        : `It is in ${points.map(({ name }) => name.slice(5)).join(', ')}.`,
  });
}

/** How a cable to the host is called; others are `MACHINE/NETWORK`. */
const HOST_CABLE = '@host/';

function segmentPoints({ network, veths, ports }: Scene, segment: Segment): readonly CapturePoint[] {
  const inside = network.nodes.flatMap((node) =>
    node.interfaces.filter((own) => own.segment === segment.name).map((own) => interfacePoint(network, node, own)),
  );
  if (segment.kind === 'link') {
    const [first] = inside;
    if (ports || first === undefined) return inside;
    return [{ name: segment.name, description: `link ${inside.map(({ name }) => name).join(' to ')}`, addresses: [], taps: first.taps }];
  }
  // Devices on one of the host's, and ends of a tunnel, have no switch between them.
  if (!hasSwitch(segment)) return inside;
  if (segment.vlan !== undefined) {
    const taps = segment.vlan.switches.flatMap((where) => portTaps(network, where, segment.name));
    return portPoints(segment.name, taps, ports, `network ${segment.name}, as packets enter its switches`, 'port of a switch');
  }
  const taps = veths.flatMap((veth) => portOf(veth, segment.name));
  const description = `switch of network ${segment.name}, as packets enter it`;
  return portPoints(segment.name, taps, ports, description, `port of the switch of ${segment.name}`);
}

/** The ports of a switch that the file names, those of other switches included, or one of them. */
function switchPoints({ network, ports }: Scene, name: string, only: string | undefined): readonly CapturePoint[] {
  const all = portTaps(network, name);
  const taps = all.filter((tap) => only === undefined || tap.name === `${name}/${only}`);
  const each = ports || only !== undefined;
  if (only === undefined || taps.length > 0)
    return portPoints(name, taps, each, `switch ${name}, as packets enter it`, `port of the switch ${name}`);
  throw new EngineError('no-machine', `the switch ${name} has no port ${only}`, {
    remedy: all.length === 0 ? 'Nothing is plugged into it.' : `It has ${all.map((tap) => tap.name.slice(name.length + 1)).join(', ')}.`,
  });
}

/** @param segment of which only machines and the host are wanted, and their frames in it */
const portTaps = (network: Network, where: string, segment?: string): readonly Tap[] =>
  portsOfSwitch(network, where).flatMap(({ name, device, networks }) => {
    const vlan = segment === undefined ? undefined : networks.get(segment);
    if (segment !== undefined && vlan === undefined) return [];
    // There is one port of each name in a network.
    const who = segment === undefined ? name : (name.split('.', 1)[0] ?? name);
    const tap = { name: `${segment ?? where}/${who}`, namespace: switchNamespace(network, where), device, ignoreOutgoing: false };
    return [{ ...tap, ...(vlan !== undefined && { vlan }) }];
  });

/** All of them as one, which sees what comes in, or each for itself. */
function portPoints(name: string, taps: readonly Tap[], each: boolean, all: string, one: string): readonly CapturePoint[] {
  if (!each) return [{ name, description: all, addresses: [], taps: taps.map((tap) => ({ ...tap, ignoreOutgoing: true })) }];
  return taps.map((tap) => ({
    name: tap.name,
    description: `${one} that leads to ${tap.name.slice(name.length + 1)}`,
    addresses: [],
    taps: [tap],
  }));
}

/** The switch's end of a cable to it. */
function portOf({ name, ends: [near, far] }: Veth, segment: string): readonly Tap[] {
  const [owner = '', plugged] = [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)];
  if (plugged !== segment) return [];
  const isHost = name.startsWith(HOST_CABLE);
  const { namespace, device } = isHost ? near : far;
  return [{ name: `${segment}/${isHost ? 'host' : owner}`, namespace, device, ignoreOutgoing: false }];
}

function unknown(network: Network, name: string): EngineError {
  const known = [network.nodes, network.segments, network.switches, network.groups].flatMap((part) => part.map((one) => one.name));
  const meant = suggest(name, known);
  return new EngineError(
    'no-machine',
    `${network.name} has nothing called ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    {
      remedy: 'Name a machine, router, network, switch, link or group of it, MACHINE/NETWORK for one interface, or `host`.',
    },
  );
}
