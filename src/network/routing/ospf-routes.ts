/**
 * What routers learn from one another by OSPF once all of them know all (RFC 2328, 16; RFC 5340, 4.8): shortest paths by
 * cost. All routers are in one area, so that nothing hangs on the order in which they were told.
 */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { linkLocal } from '../../address/link-local.ts';
import { comparePrefixes, prefixAround, samePrefix } from '../../address/prefix.ts';
import type { Network, Node } from '../network.ts';
import { joined, type Outage } from '../outage.ts';
import type { OspfInterface } from './protocols.ts';
import type { LearnedHop, LearnedRoute } from './route.ts';

/** A router in one network. */
interface Attachment {
  readonly router: number;
  readonly domain: string;
  readonly cost: number;
  readonly device: string;
  readonly passive: boolean;
  /** By which neighbours send to it. */
  readonly via: Address;
  readonly subnets: readonly Prefix[];
}

interface Reached {
  distance: number;
  hops: readonly LearnedHop[];
}

/** By router, in the order of the prefixes; those without OSPF are not in it. */
export function ospfRoutes(network: Network, family: Family, outage: Outage): ReadonlyMap<string, readonly LearnedRoute[]> {
  const routers = network.nodes.filter(({ name, ospf }) => ospf !== undefined && !outage.stopped.has(name));
  if (routers.length === 0) return new Map();
  const domainOf = joined(network, outage);
  const attachments = routers.flatMap((node, router) =>
    (node.ospf?.interfaces ?? []).flatMap((one) => attachmentOf(node, router, one, family, domainOf, outage)),
  );
  const origins = routers.flatMap(({ ospf, routes }, router) =>
    ospf?.default === true && routes.some(({ to, type }) => to.family === family && to.length === 0 && type === 'unicast') ? [router] : [],
  );
  return new Map(routers.map(({ name, routes }, router) => [name, routesOf(router, routes, attachments, origins, family)]));
}

function attachmentOf(
  node: Node,
  router: number,
  { segment, cost, passive }: OspfInterface,
  family: Family,
  domainOf: (segment: string, node: string) => string,
  { dead }: Outage,
): readonly Attachment[] {
  const own = node.interfaces.find((one) => one.segment === segment);
  const addresses = own?.addresses.filter(({ address }) => address.family === family) ?? [];
  const [first] = addresses;
  if (own === undefined || first === undefined || dead.has(`${node.name}/${segment}`)) return [];
  const subnets = new Map(
    addresses.map(({ address, prefixLength }) => [`${prefixLength} ${address.value}`, prefixAround(address, prefixLength)]),
  );
  const via = family === 4 ? first.address : linkLocal(own.mac);
  return [{ router, domain: domainOf(segment, node.name), cost, device: own.device, passive, via, subnets: [...subnets.values()] }];
}

function routesOf(
  root: number,
  given: Node['routes'],
  attachments: readonly Attachment[],
  origins: readonly number[],
  family: Family,
): readonly LearnedRoute[] {
  const reached = shortest(root, attachments);
  const best = new Map<string, { readonly to: Prefix; distance: number; hops: readonly LearnedHop[] }>();
  const offer = (to: Prefix, distance: number, hops: readonly LearnedHop[]): void => {
    const key = `${to.value}/${to.length}`;
    const known = best.get(key);
    if (known === undefined || distance < known.distance) best.set(key, { to, distance, hops });
    else if (distance === known.distance) known.hops = together(known.hops, hops);
  };
  for (const { router, cost, subnets } of attachments) {
    const at = reached.get(router);
    if (at !== undefined && router !== root) for (const to of subnets) offer(to, at.distance + cost, at.hops);
  }
  // All announce it at the same cost of its own, which counts more than the way there; so the nearest has it.
  for (const router of origins) {
    const at = reached.get(router);
    if (at !== undefined && router !== root) offer({ family, value: 0n, length: 0 }, at.distance, at.hops);
  }
  // What is on the link, and what the file says, comes before what others say.
  const own = attachments.filter(({ router }) => router === root).flatMap(({ subnets }) => subnets);
  const before = [...own, ...given.map(({ to }) => to)];
  return [...best.values()]
    .filter(({ to }) => !before.some((one) => samePrefix(one, to)))
    .map(({ to, hops }): LearnedRoute => ({ to, hops: hops.toSorted(inOrder) }))
    .toSorted((one, other) => comparePrefixes(one.to, other.to));
}

/** Dijkstra, with all equally short ways. Leaving a router by an interface has its cost, coming in has none. */
function shortest(root: number, attachments: readonly Attachment[]): ReadonlyMap<number, Reached> {
  const speaking = attachments.filter(({ passive }) => !passive);
  const found = new Map<number, Reached>([[root, { distance: 0, hops: [] }]]);
  const done = new Set<number>();
  for (;;) {
    let at: number | undefined;
    for (const [router, { distance }] of found)
      if (!done.has(router) && (at === undefined || distance < (found.get(at)?.distance ?? 0))) at = router;
    if (at === undefined) return found;
    done.add(at);
    const { distance, hops } = found.get(at) ?? { distance: 0, hops: [] };
    for (const out of speaking.filter(({ router }) => router === at)) {
      for (const { router, via } of speaking.filter(({ domain }) => domain === out.domain)) {
        if (done.has(router)) continue;
        const next = at === root ? [{ via, device: out.device }] : hops;
        const known = found.get(router);
        if (known === undefined || distance + out.cost < known.distance) found.set(router, { distance: distance + out.cost, hops: next });
        else if (distance + out.cost === known.distance) known.hops = together(known.hops, next);
      }
    }
  }
}

const keyOf = ({ via, device }: LearnedHop): string => `${device} ${via.value}`;

const inOrder = (one: LearnedHop, other: LearnedHop): number => (keyOf(one) < keyOf(other) ? -1 : 1);

const together = (some: readonly LearnedHop[], others: readonly LearnedHop[]): readonly LearnedHop[] => [
  ...new Map([...some, ...others].map((hop) => [keyOf(hop), hop])).values(),
];
