/** Overlays: a tunnel in each machine, and where it sends what. */
import { formatAddress } from '../address/format.ts';
import type { Endpoint, Network, Overlay } from '../network/network.ts';
import { type ForwardingEntry, UNKNOWN_MAC } from '../resource/forwarding-entry.ts';
import type { Tunnel } from '../resource/tunnel.ts';
import { namespaceOf, type Plug, type Plugged } from './placement.ts';

export function compileOverlay(network: Network, plugged: Plugged, overlay: Overlay): readonly (Tunnel | ForwardingEntry)[] {
  const ends = plugged.plugs.flatMap((plug) => {
    const endpoint = overlay.endpoints.find(({ node }) => node === plug.node.name);
    return endpoint === undefined ? [] : [{ plug, endpoint }];
  });
  return ends.flatMap((own) => {
    const others = ends.filter((other) => other !== own);
    return [tunnel(network, plugged, overlay, own, others), ...entries(network, overlay, own.plug, others)];
  });
}

interface End {
  readonly plug: Plug;
  readonly endpoint: Endpoint;
}

function tunnel(network: Network, { segment }: Plugged, overlay: Overlay, { plug, endpoint }: End, others: readonly End[]): Tunnel {
  const { type, id, port, group, ttl, learning } = overlay;
  const remote = type === 'vxlan' ? group : others[0]?.endpoint.address;
  return {
    kind: 'tunnel',
    origin: plug.interface.origin,
    namespace: namespaceOf(network.name, plug.node.name),
    device: plug.interface.device,
    type,
    id,
    ...(port !== undefined && { port }),
    ...(type !== 'geneve' && { local: formatAddress(endpoint.address) }),
    ...(remote !== undefined && { remote: formatAddress(remote) }),
    ...(group !== undefined && { parent: endpoint.device }),
    ttl,
    ...(type === 'vxlan' && { learning }),
    mac: plug.interface.mac,
    mtu: segment.mtu,
    checksumOffload: segment.checksumOffload,
    up: true,
  };
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
