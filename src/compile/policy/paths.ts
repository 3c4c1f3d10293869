/**
 * Which forwarders packets between two places may pass.
 *
 * A vertex lies on a path without repetition between two others exactly if it is in one of the blocks (parts that no
 * single vertex holds together) on the way between them in the block-cut tree. That depends on cables alone, so it
 * still holds when somebody else decides on the routes.
 */
import type { Graph } from './graph.ts';

export interface Paths {
  /** Forwarders on any path, the ends among them if they are such themselves; `any`: wherever it is. */
  readonly between: (from: number | 'any', to: number | 'any') => ReadonlySet<number>;
}

interface Tree {
  /** By node of the block-cut tree: vertices first, blocks after them. -1 for roots. */
  readonly parent: readonly number[];
  readonly depth: readonly number[];
  readonly rootOf: readonly number[];
  /** By block: its forwarders. */
  readonly forwarders: readonly (readonly number[])[];
}

const NONE: ReadonlySet<number> = new Set();

export function pathsOf({ edges, forwarders }: Graph): Paths {
  const isForwarder = new Set(forwarders.map(({ vertex }) => vertex));
  const tree = treeOf(edges, blocksOf(edges), isForwarder);
  const known = new Map<number, ReadonlySet<number>>();
  const passes = (vertex: number): boolean => (edges[vertex]?.length ?? 0) > 1;
  const everywhere: ReadonlySet<number> = new Set([...isForwarder].filter(passes));
  const fromAnywhere = new Map<number, ReadonlySet<number>>();
  const reaching = (to: number): ReadonlySet<number> => {
    const found = fromAnywhere.get(to) ?? new Set([...everywhere].filter((vertex) => tree.rootOf[vertex] === tree.rootOf[to]));
    fromAnywhere.set(to, found);
    return found;
  };
  return {
    between(from, to) {
      if (from === 'any') return to === 'any' ? everywhere : reaching(to);
      if (to === 'any') return reaching(from);
      if (from === to) return NONE;
      const key = Math.min(from, to) * edges.length + Math.max(from, to);
      const found = known.get(key) ?? climb(tree, edges.length, from, to);
      known.set(key, found);
      return found;
    },
  };
}

function climb({ parent, depth, rootOf, forwarders }: Tree, vertices: number, from: number, to: number): ReadonlySet<number> {
  if (rootOf[from] !== rootOf[to]) return NONE;
  const found = new Set<number>();
  const pass = (node: number): void => {
    if (node >= vertices) for (const forwarder of forwarders[node - vertices] ?? []) found.add(forwarder);
  };
  let [one, other] = [from, to];
  while (one !== other) {
    if ((depth[one] ?? 0) >= (depth[other] ?? 0)) {
      one = parent[one] ?? -1;
      pass(one);
    } else {
      other = parent[other] ?? -1;
      pass(other);
    }
  }
  return found;
}

/** Tarjan's biconnected components, without recursion: a row of a thousand routers is no deep stack. */
function blocksOf(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const blocks: number[][] = [];
  const order = edges.map(() => -1);
  const low = edges.map(() => -1);
  let counter = 0;
  for (const [root] of edges.entries()) {
    if (order[root] !== -1) continue;
    const open = [root];
    const visits = [{ vertex: root, parent: -1, next: 0 }];
    order[root] = low[root] = counter++;
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { vertex, parent } = visit;
      const neighbour = edges[vertex]?.[visit.next++];
      if (neighbour === parent) continue;
      if (neighbour === undefined) {
        visits.pop();
        if (parent === -1) continue;
        low[parent] = Math.min(low[parent] ?? 0, low[vertex] ?? 0);
        if ((low[vertex] ?? 0) >= (order[parent] ?? 0)) blocks.push([parent, ...open.splice(open.indexOf(vertex))]);
      } else if (order[neighbour] === -1) {
        order[neighbour] = low[neighbour] = counter++;
        open.push(neighbour);
        visits.push({ vertex: neighbour, parent: vertex, next: 0 });
      } else low[vertex] = Math.min(low[vertex] ?? 0, order[neighbour] ?? 0);
    }
  }
  return blocks;
}

function treeOf(edges: readonly (readonly number[])[], blocks: readonly (readonly number[])[], isForwarder: ReadonlySet<number>): Tree {
  const vertices = edges.length;
  const neighbours: number[][] = Array.from({ length: vertices + blocks.length }, () => []);
  for (const [index, block] of blocks.entries()) {
    neighbours[vertices + index] = [...block];
    for (const vertex of block) neighbours[vertex]?.push(vertices + index);
  }
  const parent = neighbours.map(() => -1);
  const depth = neighbours.map(() => -1);
  const rootOf = neighbours.map(() => -1);
  for (const root of edges.keys()) {
    if (depth[root] !== -1) continue;
    depth[root] = 0;
    rootOf[root] = root;
    const queue = [root];
    for (const node of queue) {
      for (const next of neighbours[node] ?? []) {
        if (depth[next] !== -1) continue;
        depth[next] = (depth[node] ?? 0) + 1;
        parent[next] = node;
        rootOf[next] = root;
        queue.push(next);
      }
    }
  }
  return { parent, depth, rootOf, forwarders: blocks.map((block) => block.filter((vertex) => isForwarder.has(vertex))) };
}
