import { DisjointSets } from '../collection/disjoint-sets.ts';
import { type RangeSet, subtract, union } from '../collection/range-set.ts';
import type { AddressSpace } from './addresses/address-space.ts';
import type { BroadcastDomain } from './broadcast-domains.ts';
import type { Network } from './network.ts';
import { addressesOf } from './station.ts';

/** A piece of the address space that packets can come from or go to. */
export interface Inhabitant {
  readonly piece: number;
  /** What hangs together by routers has the same name. */
  readonly region: string;
  /** Between two with the same name there is no router. */
  readonly spot: string;
}

const WORLD = 'world';

/** Who can be where: nodes, the host, whoever else is in the real networks that the file's are joined with, and the world. */
export function inhabitantsOf(network: Network, domains: readonly BroadcastDomain[], space: AddressSpace): readonly Inhabitant[] {
  const domainOf = new Map(domains.flatMap(({ name, segments }) => segments.map((segment) => [segment.name, `network ${name}`] as const)));
  const domain = (segment: string): string => domainOf.get(segment) ?? '';
  const regions = new DisjointSets();
  for (const { kind, interfaces } of network.nodes) {
    if (kind === 'router') for (const { segment } of interfaces) regions.join(domain(interfaces[0]?.segment ?? ''), domain(segment));
  }
  for (const { name, attachment } of network.segments)
    if (attachment.mode !== 'internal' && attachment.mode !== 'host-only') regions.join(WORLD, domain(name));

  const found: Inhabitant[] = [];
  for (const node of network.nodes) {
    const router = node.kind === 'router' ? `router ${node.name}` : undefined;
    for (const { address, segment } of addressesOf(node))
      found.push({ piece: space.pointOf(address), region: regions.rootOf(domain(segment)), spot: router ?? domain(segment) });
  }
  for (const { name, attachment } of network.segments) {
    if (!('host' in attachment)) continue;
    for (const { address } of attachment.host.addresses)
      found.push({ piece: space.pointOf(address), region: regions.rootOf(domain(name)), spot: 'host' });
  }
  const own = union(found.map(({ piece }) => [piece, piece + 1]));
  const settle = (set: RangeSet, region: string, spot: string): void => {
    for (const piece of pieces(subtract(set, own))) found.push({ piece, region: regions.rootOf(region), spot });
  };
  const subnets = union(network.segments.flatMap((segment) => segment.subnets.map(space.setOf)));
  for (const segment of network.segments) {
    if (['macvlan', 'bridge', 'port'].includes(segment.attachment.mode))
      settle(union(segment.subnets.map(space.setOf)), domain(segment.name), domain(segment.name));
  }
  for (const node of network.nodes) {
    const given = node.routes.filter((route) => route.given && route.type === 'unicast' && route.to.length > 0);
    const beyond = subtract(union(given.map(({ to }) => space.setOf(to))), subnets);
    settle(beyond, domain(node.interfaces[0]?.segment ?? ''), `beyond ${node.name}`);
  }
  if (network.segments.some(({ attachment }) => attachment.mode !== 'internal')) settle(subtract(space.everything, subnets), WORLD, WORLD);
  return found.sort((a, b) => a.piece - b.piece);
}

/** Which of them, by index, are in a set. */
export function* within(inhabitants: readonly Inhabitant[], set: RangeSet): Generator<number> {
  for (let at = 0; at < set.length; at += 2) {
    const until = set[at + 1] ?? 0;
    for (let index = firstFrom(inhabitants, set[at] ?? 0); (inhabitants[index]?.piece ?? until) < until; index += 1) yield index;
  }
}

function firstFrom(inhabitants: readonly Inhabitant[], piece: number): number {
  let low = 0;
  let high = inhabitants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((inhabitants[middle]?.piece ?? 0) < piece) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* pieces(set: RangeSet): Generator<number> {
  for (let index = 0; index < set.length; index += 2)
    for (let piece = set[index] ?? 0; piece < (set[index + 1] ?? 0); piece += 1) yield piece;
}
