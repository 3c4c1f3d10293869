import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Graph } from './graph.ts';
import { pathsOf } from './paths.ts';

/** Cables between `domains` domains and `routers` routers, which are numbered after them. */
const graphs = fc
  .record({ domains: fc.integer({ min: 1, max: 5 }), routers: fc.integer({ min: 1, max: 5 }) })
  .chain(({ domains, routers }) =>
    fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: domains - 1 }), fc.integer({ min: domains, max: domains + routers - 1 })), {
        maxLength: 14,
        selector: String,
      })
      .map((cables) => ({ domains, routers, cables })),
  );

function graphOf(domains: number, routers: number, cables: readonly (readonly [number, number])[]): Graph {
  const edges: number[][] = Array.from({ length: domains + routers }, () => []);
  for (const [domain, router] of cables) {
    edges[domain]?.push(router);
    edges[router]?.push(domain);
  }
  const forwarders = Array.from({ length: routers }, (_, index) => ({ vertex: domains + index, name: `r${index}`, legs: [] }));
  return { edges, domains: [], forwarders, domainOf: () => 0, forwarderOf: () => undefined, doors: new Set() };
}

/** What is on any path without repetition, by walking all of them. */
function onSomePath({ edges }: Graph, from: number, to: number): Set<number> {
  const found = new Set<number>();
  const walk = (path: readonly number[]): void => {
    const at = path.at(-1) ?? -1;
    if (at === to) {
      for (const vertex of path) found.add(vertex);
      return;
    }
    for (const next of edges[at] ?? []) if (!path.includes(next)) walk([...path, next]);
  };
  walk([from]);
  return found;
}

test('the routers between two places are exactly those on some path', () => {
  fc.assert(
    fc.property(graphs, ({ domains, routers, cables }) => {
      const graph = graphOf(domains, routers, cables);
      const paths = pathsOf(graph);
      for (let from = 0; from < domains; from++) {
        for (let to = 0; to < domains + routers; to++) {
          if (from === to) continue;
          const wanted = [...onSomePath(graph, from, to)].filter((vertex) => vertex >= domains);
          expect([...paths.between(from, to)].sort()).toEqual(wanted.sort());
        }
      }
    }),
  );
});

test('from anywhere to a place, every router counts that joins it with something', () => {
  // 0 - r3 - 1 - r4 - 2, and r5 at 2 alone
  const paths = pathsOf(
    graphOf(3, 3, [
      [0, 3],
      [1, 3],
      [1, 4],
      [2, 4],
      [2, 5],
    ]),
  );
  expect([...paths.between('any', 0)]).toEqual([3, 4]);
  expect([...paths.between('any', 'any')]).toEqual([3, 4]);
});

test('a row of five thousand routers is no deep stack', () => {
  const count = 5000;
  const cables = Array.from({ length: count }, (_, index) => [
    [index, count + 1 + index],
    [index + 1, count + 1 + index],
  ]).flat() as [number, number][];
  expect(pathsOf(graphOf(count + 1, count, cables)).between(0, count).size).toBe(count);
});
