import type { Address, Prefix } from '../address/ip.ts';
import { groupBy } from '../collection/group-by.ts';
import { compareText } from './broadcast-domains.ts';
import { findOutside, type Outside } from './outside.ts';
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
  readonly subnets: readonly { readonly to: Prefix; readonly hop: Hop }[];
}

export interface RouteFinder {
  readonly forRouter: (router: number) => FoundRoutes;
  /** @param noDefaultIn domains whose networks have `gateway: none` */
  readonly forMachine: (stands: readonly Stand[], noDefaultIn: ReadonlySet<number>) => FoundRoutes;
  /** For the host in its forwarded networks: no default, which is its own affair. */
  readonly forHost: (stands: readonly Stand[]) => FoundRoutes['subnets'];
}

export function routeFinder(graph: RoutingGraph): RouteFinder {
  const outside = findOutside(graph);
  const toOutside = shortestPaths(graph, outside.domains);
  const targets = graph.subnets.flatMap((to, domain) => (to === undefined ? [] : [{ to, domain, paths: shortestPaths(graph, [domain]) }]));

  const hopTo = (router: number, domain: number): Hop | undefined => {
    const address = graph.routerAddress(router, domain);
    return address && { domain, address };
  };
  const routerHop = (paths: Paths, router: number): Hop | undefined => {
    const next = paths.routerNext[router] ?? -1;
    return next < 0 ? undefined : hopTo(next, paths.routerDomain[router] ?? -1);
  };
  const stationHop = (paths: Paths, stands: readonly Stand[]): Hop | undefined => {
    const domain = nearest(
      paths,
      stands.map((stand) => stand.domain),
    );
    return domain === undefined ? undefined : hopTo(paths.domainBest[domain] ?? -1, domain);
  };
  const stationRoutes = (stands: readonly Stand[]) =>
    targets.flatMap(({ to, domain, paths }) => {
      if (stands.some((stand) => stand.domain === domain)) return [];
      const hop = stationHop(paths, stands);
      return hop === undefined ? [] : [{ to, hop }];
    });

  return {
    forRouter: (router) => ({
      default: exitOf(outside, graph.domainsOf[router] ?? []) ?? routerHop(toOutside, router),
      subnets: targets.flatMap(({ to, paths }) => {
        const hop = routerHop(paths, router);
        return hop === undefined ? [] : [{ to, hop }];
      }),
    }),
    forMachine: (stands, noDefaultIn) => {
      const subnets = stationRoutes(stands);
      const open = stands.filter(({ domain }) => !noDefaultIn.has(domain));
      const exit =
        exitOf(
          outside,
          open.map(({ domain }) => domain),
        ) ?? stationHop(toOutside, open);
      const others = subnets.filter(({ hop }) => !noDefaultIn.has(hop.domain)).map(({ hop }) => hop);
      return { default: exit ?? busiest(graph, others), subnets };
    },
    forHost: stationRoutes,
  };
}

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
