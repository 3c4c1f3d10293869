import type { RoutingGraph } from './routing-graph.ts';

/** Ways from everywhere to one domain (or to the nearest of several). -1 where there is none. */
export interface Paths {
  /** Routers on the way, the router itself included. */
  readonly routerDistance: Int32Array;
  /** The next router; -1 where the router touches the target. */
  readonly routerNext: Int32Array;
  /** The domain in which the next router, or the target, is reached. */
  readonly routerDomain: Int32Array;
  /** Routers on the way from a machine in the domain. */
  readonly domainDistance: Int32Array;
  /** The router that a machine in the domain sends to. */
  readonly domainBest: Int32Array;
}

/**
 * Breadth-first search back from the targets.
 *
 * Of equally short ways the one with the router that is first by name among those in which they differ is taken.
 * Seen from the other end that is the same way, so packets and their answers take it both.
 */
export function shortestPaths(graph: RoutingGraph, targets: readonly number[]): Paths {
  const unknown = (length: number) => new Int32Array(length).fill(-1);
  const { routers, domains } = graph;
  const paths: Paths = {
    routerDistance: unknown(routers.length),
    routerNext: unknown(routers.length),
    routerDomain: unknown(routers.length),
    domainDistance: unknown(domains.length),
    domainBest: unknown(domains.length),
  };
  for (const target of targets) paths.domainDistance[target] = 0;
  let frontier = targets.toSorted((a, b) => a - b);
  for (let level = 1; frontier.length > 0; level += 1)
    frontier = reachDomains(graph, paths, reachRouters(graph, paths, frontier, level), level);
  return paths;
}

function reachRouters(graph: RoutingGraph, paths: Paths, frontier: readonly number[], level: number): readonly number[] {
  const reached: number[] = [];
  for (const domain of frontier) {
    const next = paths.domainBest[domain] ?? -1;
    for (const router of graph.routersIn[domain] ?? []) {
      const isNew = paths.routerDistance[router] === -1;
      if (isNew) reached.push(router);
      const isBetter = paths.routerDistance[router] === level && comparePaths(paths, next, paths.routerNext[router] ?? -1) < 0;
      if (!isNew && !isBetter) continue;
      paths.routerDistance[router] = level;
      paths.routerNext[router] = next;
      paths.routerDomain[router] = domain;
    }
  }
  return reached;
}

function reachDomains(graph: RoutingGraph, paths: Paths, reached: readonly number[], level: number): number[] {
  const frontier: number[] = [];
  for (const router of reached) {
    for (const domain of graph.domainsOf[router] ?? []) {
      const isNew = paths.domainDistance[domain] === -1;
      if (isNew) frontier.push(domain);
      const isBetter = paths.domainDistance[domain] === level && comparePaths(paths, router, paths.domainBest[domain] ?? -1) < 0;
      if (!isNew && !isBetter) continue;
      paths.domainDistance[domain] = level;
      paths.domainBest[domain] = router;
    }
  }
  return frontier.sort((a, b) => a - b);
}

/** Which of two equally long ways is taken: the one with the lowest router of those that only one of them has. Negative for `a`. */
export function comparePaths(paths: Paths, a: number, b: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let sign = 0;
  // At the same distance both are at the same depth: once the ways meet they stay together.
  for (let [one, other] = [a, b]; one !== other; one = paths.routerNext[one] ?? -1, other = paths.routerNext[other] ?? -1) {
    if (one < lowest) [lowest, sign] = [one, -1];
    if (other < lowest) [lowest, sign] = [other, 1];
  }
  return sign;
}
