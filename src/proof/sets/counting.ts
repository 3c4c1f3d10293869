/** How many members a set has, and which. */
import type { Diagram, Node } from './diagram.ts';
import { FULL } from './node-table.ts';

/** Members, if variables 0 to `variables - 1` are all there are. */
export function countOf(diagram: Diagram, set: Node, variables: number): bigint {
  const counts = new Map<Node, bigint>();
  const levelOf = (node: Node): number => (node <= FULL ? variables : diagram.level(node));
  /** Over the variables from its own on. */
  const count = (node: Node): bigint => {
    if (node <= FULL) return node === FULL ? 1n : 0n;
    const known = counts.get(node);
    if (known !== undefined) return known;
    const branch = (child: Node): bigint => count(child) << BigInt(levelOf(child) - levelOf(node) - 1);
    const result = branch(diagram.low(node)) + branch(diagram.high(node));
    counts.set(node, result);
    return result;
  };
  return count(set) << BigInt(levelOf(set));
}

/** Variables with what they have to be; the others may be anything. */
export type Cube = ReadonlyMap<number, 0 | 1>;

/** All members, as cubes of which no two overlap; zeros first. */
export function* cubesOf(diagram: Diagram, set: Node): Generator<Cube> {
  const path: (readonly [number, 0 | 1])[] = [];
  function* below(node: Node): Generator<Cube> {
    if (node === FULL) yield new Map(path);
    if (node <= FULL) return;
    for (const value of [0, 1] as const) {
      path.push([diagram.level(node), value]);
      yield* below(value === 0 ? diagram.low(node) : diagram.high(node));
      path.pop();
    }
  }
  yield* below(set);
}

/** Variables that a set looks at. */
export function supportOf(diagram: Diagram, set: Node): ReadonlySet<number> {
  const seen = new Set<Node>();
  const support = new Set<number>();
  const visit = (node: Node): void => {
    if (node <= FULL || seen.has(node)) return;
    seen.add(node);
    support.add(diagram.level(node));
    visit(diagram.low(node));
    visit(diagram.high(node));
  };
  visit(set);
  return support;
}
