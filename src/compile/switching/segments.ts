/** Segments as bridges in the fabric, and the cables between switch and machine. */
import { deviceName } from '../../network/device-name.ts';
import { murmur3 } from '../../network/hash.ts';
import type { Network, Node, Segment } from '../../network/network.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { BridgePort } from '../../resource/bridge-port.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import { fabricMac } from '../fabric-mac.ts';
import { compileOverlay } from '../overlay.ts';
import {
  fabricOf,
  hostSwitch,
  namespaceOf,
  type Plug,
  type Plugged,
  pluggedOf,
  portDevice,
  switchDevice,
  switchNamespace,
} from '../placement.ts';
import { hostWires } from './host-wires.ts';
import { fabricBridge, linuxBridge } from './linux-bridge.ts';
import { accessTo, type Ports } from './plugging.ts';

type Wire = Bridge | BridgePort | Veth | Macvlan | Tunnel | ForwardingEntry | OvsPort;

/** A Linux bridge takes 1,023 ports (BR_PORT_BITS). Hashing spreads unevenly, so leaves are filled to fewer. */
const PORTS_PER_BRIDGE = 800;

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
  return [fabricBridge(network, switchDevice(segment), segment), ...trunks, ...cables, ...hostWires(network, segment)];
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
    fabricBridge(network, device, segment),
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

/** The bridge inside of a box that joins segments. */
const bridgeBox = (network: Network, { name, bridge, origin }: Node): readonly Bridge[] =>
  bridge === undefined ? [] : [linuxBridge(namespaceOf(network.name, name), bridge.device, bridge.mac, { ...bridge, origin })];
