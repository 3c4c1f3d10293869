import type { Address, Prefix } from '../../address/ip.ts';
import { comparePrefixes } from '../../address/prefix.ts';
import { groupBy } from '../../collection/group-by.ts';
import { compareText } from '../broadcast-domains.ts';
import { findOutside, type Outside } from '../outside.ts';
import type { RoutingGraph, Stand } from './routing-graph.ts';
import { comparePaths, type Paths, shortestPaths } from './shortest-paths.ts';

/** A neighbour to send to. */
export interface Hop {
  /** The domain in which it is. */
  readonly domain: number;
  readonly address: Address;
}

/** What shortest paths say for a node: one hop for each subnet that it does not touch, and one for the rest. */
export interface FoundRoutes {
  readonly default: Hop | undefined;
  /** In the order of their prefixes. */
  readonly subnets: readonly { readonly to: Prefix; readonly hop: Hop }[];
}

export interface RouteFinder {
  readonly forRouter: (router: number) => FoundRoutes;
  /** Whom a router sends to what is outside, where it is at the border itself. */
  readonly exitOf: (router: number) => Hop | undefined;
  /** @param noDefaultIn domains whose networks have `gateway: none` */
  readonly forMachine: (stands: readonly Stand[], noDefaultIn: ReadonlySet<number>) => FoundRoutes;
  /** For the host in its forwarded networks: no default, which is its own affair. */
  readonly forHost: (stands: readonly Stand[]) => FoundRoutes['subnets'];
}

export function routeFinder(graph: RoutingGraph): RouteFinder {
  const outside = findOutside(graph);
  const toOutside = shortestPaths(graph, outside.domains);
  // In the order of the routes, so that no node has to sort its own: with a thousand routers they are a million.
  const targets = graph.subnets
    .flatMap((to, domain) => (to === undefined ? [] : [{ to, domain, paths: shortestPaths(graph, [domain]) }]))
    .sort((a, b) => comparePrefixes(a.to, b.to));

  const hops = new Map<number, Hop | undefined>();
  const hopTo = (router: number, domain: number): Hop | undefined => {
    const key = router * graph.domains.length + domain;
    const known = hops.get(key);
    if (known !== undefined) return known;
    const address = graph.routerAddress(router, domain);
    const hop = address && { domain, address };
    hops.set(key, hop);
    return hop;
  };
  const routerHop = (paths: Paths, router: number): Hop | undefined => {
    const next = paths.routerNext[router] ?? -1;
    return next < 0 ? undefined : hopTo(next, paths.routerDomain[router] ?? -1);
  };
  const stationHop = (paths: Paths, domains: readonly number[]): Hop | undefined => {
    const domain = nearest(paths, domains);
    return domain === undefined ? undefined : hopTo(paths.domainBest[domain] ?? -1, domain);
  };
  const routesBy = (hopFor: (paths: Paths, target: number) => Hop | undefined): FoundRoutes['subnets'] => {
    const routes: { readonly to: Prefix; readonly hop: Hop }[] = [];
    for (const { to, domain, paths } of targets) {
      const hop = hopFor(paths, domain);
      if (hop !== undefined) routes.push({ to, hop });
    }
    return routes;
  };
  const stationRoutes = (stands: readonly Stand[]): FoundRoutes['subnets'] => {
    const domains = domainsOf(stands);
    return routesBy((paths, target) => (domains.includes(target) ? undefined : stationHop(paths, domains)));
  };

  const exit = (router: number): Hop | undefined => exitOf(outside, graph.domainsOf[router] ?? []);

  return {
    exitOf: exit,
    forRouter: (router) => ({
      default: exit(router) ?? routerHop(toOutside, router),
      subnets: routesBy((paths) => routerHop(paths, router)),
    }),
    forMachine: (stands, noDefaultIn) => {
      const subnets = stationRoutes(stands);
      const open = domainsOf(stands).filter((domain) => !noDefaultIn.has(domain));
      const way = exitOf(outside, open) ?? stationHop(toOutside, open);
      const others = subnets.filter(({ hop }) => !noDefaultIn.has(hop.domain)).map(({ hop }) => hop);
      return { default: way ?? busiest(graph, others), subnets };
    },
    forHost: stationRoutes,
  };
}

const domainsOf = (stands: readonly Stand[]): readonly number[] => stands.map(({ domain }) => domain);

/** The way out by the host or a foreign gateway, where one of the domains has it. */
function exitOf(outside: Outside, domains: readonly number[]): Hop | undefined {
  for (const domain of domains.toSorted((a, b) => a - b)) {
    const address = outside.via(domain);
    if (address !== undefined) return { domain, address };
  }
  return undefined;
}

function nearest(paths: Paths, domains: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const domain of domains) {
    const distance = paths.domainDistance[domain] ?? -1;
    if (distance <= 0) continue;
    if (best === undefined) {
      best = domain;
      continue;
    }
    const difference = distance - (paths.domainDistance[best] ?? -1);
    const order = difference || comparePaths(paths, paths.domainBest[domain] ?? -1, paths.domainBest[best] ?? -1) || domain - best;
    if (order < 0) best = domain;
  }
  return best;
}

/** Where nothing leads outside: the router that most is reached by; of several the first by name. */
function busiest(graph: RoutingGraph, hops: readonly Hop[]): Hop | undefined {
  const byAddress = groupBy(hops, (hop) => hop.address.value);
  const name = (hop: Hop | undefined) => (hop === undefined ? '' : (graph.ownerOf(hop.address)?.node ?? ''));
  return [...byAddress.values()].toSorted(
    (a, b) => b.length - a.length || compareText(name(a[0]), name(b[0])) || (a[0]?.domain ?? 0) - (b[0]?.domain ?? 0),
  )[0]?.[0];
}
