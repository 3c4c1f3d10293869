/** Redirects: the way of a router to say that there is a shorter one (ICMP type 5, RFC 792; RFC 4861, section 8). */
import type { Network, Node, Segment } from '../network/network.ts';
import { joined, NOTHING_OUT } from '../network/outage.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Sysctl } from '../resource/sysctl.ts';
import { namespaceOf } from './placement.ts';

/**
 * What keeps machines on the ways that the file gives them.
 *
 * A router that sends a packet back to where it came from tells the sender of the other router, and does so before its forward
 * hook (ip_forward in net/ipv4/ip_forward.c): also of packets that its rules then drop. The sender would pass it by from there
 * on. The kernel lets routers listen to none. In IPv6 it sends some only for next hops with link-local addresses
 * (ndisc_send_redirect in net/ipv6/ndisc.c), of which the file has none; routers of others may.
 *
 * Only where somebody could send one: the settings of a device are read one by one, and a thousand machines have two each.
 */
export function deafToRedirects(network: Network, host: HostFacts): readonly Sysctl[] {
  const where = segmentsWithWays(network);
  return network.nodes.flatMap((node) => (node.kind === 'router' ? [] : settings(namespaceOf(network.name, node.name), node, where, host)));
}

/** Those where a router may send a packet on to another. Bridges join segments, and what they are joined to today changes nothing. */
function segmentsWithWays(network: Network): ReadonlySet<string> {
  const domainOf = joined(network, NOTHING_OUT);
  const forwarders = new Map<string, number>();
  const count = (segment: string, number: number): void =>
    void forwarders.set(domainOf(segment), (forwarders.get(domainOf(segment)) ?? 0) + number);
  for (const { kind, interfaces } of network.nodes) if (kind === 'router') for (const { segment } of interfaces) count(segment, 1);
  for (const segment of network.segments) count(segment.name, strangers(segment));
  return new Set(network.segments.flatMap(({ name }) => ((forwarders.get(domainOf(name)) ?? 0) > 1 ? [name] : [])));
}

/** Who else may forward: the host where it has an address, and whoever is where the segment is joined to others. */
function strangers({ attachment: { mode } }: Segment): number {
  if (mode === 'internal') return 0;
  return mode === 'host-only' || mode === 'nat' || mode === 'routed' ? 1 : 2;
}

function settings(namespace: string, node: Node, where: ReadonlySet<string>, host: HostFacts): readonly Sysctl[] {
  const deaf = node.interfaces.filter(({ segment }) => where.has(segment));
  if (deaf.length === 0) return [];
  const ends = node.bridge === undefined ? deaf : [{ ...node.bridge, origin: node.origin }];
  const off = (family: 4 | 6, device: string): Sysctl => ({
    kind: 'sysctl',
    origin: node.origin,
    namespace,
    key: `net/ipv${family}/conf/${device}/accept_redirects`,
    value: '0',
  });
  const has = (family: 4 | 6) => ends.filter(({ addresses }) => addresses.some(({ address }) => address.family === family));
  const four = has(4);
  return [
    // Of a host that does not forward, either of the two is enough to listen (IN_DEV_RX_REDIRECTS).
    ...(four.length > 0 ? [off(4, 'all'), ...four.map(({ device }) => off(4, device))] : []),
    ...(host.ipv6 ? has(6).map(({ device }) => off(6, device)) : []),
  ];
}
