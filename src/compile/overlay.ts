/** Overlays: tunnels in each machine, and where they send what. */
import { formatAddress } from '../address/format.ts';
import { deviceName } from '../network/device-name.ts';
import type { Network, Segment } from '../network/network.ts';
import type { Endpoint, Overlay } from '../network/overlay/tunnel.ts';
import type { Bridge } from '../resource/bridge.ts';
import { type ForwardingEntry, UNKNOWN_MAC } from '../resource/forwarding-entry.ts';
import type { Tunnel } from '../resource/tunnel.ts';
import { fabricMac } from './fabric-mac.ts';
import { namespaceOf, type Plug, type Plugged } from './placement.ts';

/** The least that the kernel takes; without the spanning tree protocol nothing waits for it. */
const LEAST_FORWARD_DELAY = 2;

export function compileOverlay(
  network: Network,
  { segment, plugs }: Plugged,
  overlay: Overlay,
): readonly (Bridge | Tunnel | ForwardingEntry)[] {
  const ends = plugs.flatMap((plug) => {
    const endpoint = overlay.endpoints.find(({ node }) => node === plug.node.name);
    return endpoint === undefined ? [] : [{ plug, endpoint }];
  });
  return ends.flatMap((own): readonly (Bridge | Tunnel | ForwardingEntry)[] => {
    const others = ends.filter((other) => other !== own);
    if (overlay.type !== 'vxlan' && others.length > 1) return pairs(network, segment, overlay, own, others);
    const { device, mac } = own.plug.interface;
    const remote = overlay.type === 'vxlan' ? overlay.group : others[0]?.endpoint.address;
    const one = tunnel(network, segment, overlay, own, { device, mac, ...(remote !== undefined && { remote: formatAddress(remote) }) });
    return [one, ...entries(network, overlay, own.plug, others)];
  });
}

interface End {
  readonly plug: Plug;
  readonly endpoint: Endpoint;
}

function tunnel(
  network: Network,
  segment: Segment,
  { type, id, port, group, ttl, learning }: Overlay,
  { plug, endpoint }: End,
  { device, mac, remote, master }: Pick<Tunnel, 'device' | 'mac' | 'remote' | 'master'>,
): Tunnel {
  return {
    kind: 'tunnel',
    origin: plug.interface.origin,
    namespace: namespaceOf(network.name, plug.node.name),
    device,
    type,
    id,
    ...(port !== undefined && { port }),
    ...(type !== 'geneve' && { local: formatAddress(endpoint.address) }),
    ...(remote !== undefined && { remote }),
    ...(group !== undefined && { parent: endpoint.device }),
    ttl,
    ...(type === 'vxlan' && { learning }),
    mac,
    ...(master !== undefined && { master, isolated: true as const }),
    mtu: segment.mtu,
    checksumOffload: segment.checksumOffload && !isTranslated(network),
    up: true,
  };
}

/**
 * Whether somebody translates packets. A checksum of TCP that is left to the device is left so in a tunnel, too, and the kernel then
 * takes that of the packet around it for one that is still to be made, and spoils it (inet_proto_csum_replace4).
 */
const isTranslated = ({ nodes, segments, forwards }: Network): boolean =>
  forwards.length > 0 || nodes.some(({ nat }) => nat.length > 0) || segments.some(({ nat }) => nat !== undefined);

/**
 * GRE and Geneve know one other end each. For more, a machine has a tunnel to each of the others and a bridge over them, which
 * learns who is behind which. What came by a tunnel goes into no other: everybody is told by the sender itself.
 */
function pairs(network: Network, segment: Segment, overlay: Overlay, own: End, others: readonly End[]): readonly (Bridge | Tunnel)[] {
  const { node, interface: plugged } = own.plug;
  const taken = new Set([...node.interfaces, ...node.wires].map(({ device }) => device));
  const bridge: Bridge = {
    kind: 'bridge',
    origin: plugged.origin,
    namespace: namespaceOf(network.name, node.name),
    device: plugged.device,
    mac: plugged.mac,
    mtu: segment.mtu,
    stp: false,
    forwardDelay: LEAST_FORWARD_DELAY,
    ageing: segment.ageing,
    up: true,
  };
  const tunnels = others.map(({ plug, endpoint }) => {
    const device = deviceName(`${segment.name}.${plug.node.name}`, taken);
    return tunnel(network, segment, overlay, own, {
      device,
      mac: fabricMac(network, `${node.name}/${device}`),
      remote: formatAddress(endpoint.address),
      master: bridge.device,
    });
  });
  return [bridge, ...tunnels];
}

/** What is for all goes to the group, or to each of the others; who learns nothing has to be told who is where. */
function entries(
  network: Network,
  { type, group, learning }: Overlay,
  { node, interface: own }: Plug,
  others: readonly End[],
): readonly ForwardingEntry[] {
  if (type !== 'vxlan') return [];
  const entry = (mac: string, { endpoint }: End): ForwardingEntry => ({
    kind: 'forwarding-entry',
    origin: own.origin,
    namespace: namespaceOf(network.name, node.name),
    device: own.device,
    mac,
    to: formatAddress(endpoint.address),
  });
  return [
    ...(group === undefined ? others.map((other) => entry(UNKNOWN_MAC, other)) : []),
    ...(learning ? [] : others.map((other) => entry(other.plug.interface.mac, other))),
  ];
}
