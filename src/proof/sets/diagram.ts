/**
 * Sets of bit strings as binary decision diagrams (Bryant 1986): exact, and equal sets are equal numbers.
 *
 * A set is the number of a node. `collect` frees all that no set that is kept needs, and may be called between
 * operations only; a number that is kept stays what it is.
 */
import { EMPTY, FULL, NodeTable } from './node-table.ts';
import { OperationCache } from './operation-cache.ts';

/** A set: the number of a node of one diagram. */
export type Node = number;

const [AND, DIFF, XOR, ITE, RESTRICT, EXISTS, AND_EXISTS, NUMBER] = [1, 2, 3, 4, 5, 6, 7, 8];

export class Diagram {
  readonly #nodes = new NodeTable();
  readonly #cache = new OperationCache();
  readonly #kept = new Map<Node, number>();

  /** Nodes that are there. */
  get size(): number {
    return this.#nodes.size;
  }

  /** The variable that it looks at first; for `EMPTY` and `FULL` a number above all others. */
  level(set: Node): number {
    return this.#nodes.level(set);
  }

  low(set: Node): Node {
    return this.#nodes.low(set);
  }

  high(set: Node): Node {
    return this.#nodes.high(set);
  }

  variable(level: number): Node {
    return this.make(level, EMPTY, FULL);
  }

  /** `high` where the variable is 1, `low` where it is 0; neither looks at it, nor at one before it. */
  make(level: number, low: Node, high: Node): Node {
    const node = this.#nodes.make(level, low, high);
    this.#cache.fit(this.#nodes.capacity);
    return node;
  }

  /**
   * Variables `first` to `first + bits - 1`, which are at most 32, are the last bits of the number; and what comes after them is
   * in `below`, which looks at none before.
   */
  number(first: number, bits: number, number: number, below: Node): Node {
    if (below === EMPTY || bits === 0) return below;
    const place = first * 64 + bits;
    const known = this.#cache.find(NUMBER, place, number | 0, below);
    if (known >= 0) return known;
    let node = below;
    for (let level = first + bits - 1, rest = number; level >= first; level--, rest >>>= 1)
      node = (rest & 1) === 1 ? this.make(level, EMPTY, node) : this.make(level, node, EMPTY);
    return this.#cache.store(NUMBER, place, number | 0, below, node);
  }

  keep(set: Node): Node {
    this.#kept.set(set, (this.#kept.get(set) ?? 0) + 1);
    return set;
  }

  release(set: Node): void {
    const count = this.#kept.get(set) ?? 0;
    if (count > 1) this.#kept.set(set, count - 1);
    else this.#kept.delete(set);
  }

  collect(): void {
    this.#nodes.sweep(this.#kept.keys());
    this.#cache.clear();
  }

  not(f: Node): Node {
    return this.diff(FULL, f);
  }

  or(f: Node, g: Node): Node {
    return this.ite(f, FULL, g);
  }

  and(f: Node, g: Node): Node {
    if (f === g || g === FULL) return f;
    if (f === FULL) return g;
    if (f === EMPTY || g === EMPTY) return EMPTY;
    const [one, other] = f < g ? [f, g] : [g, f];
    const known = this.#cache.find(AND, one, other, 0);
    if (known >= 0) return known;
    const level = Math.min(this.level(f), this.level(g));
    const low = this.and(this.#low(f, level), this.#low(g, level));
    const high = this.and(this.#high(f, level), this.#high(g, level));
    return this.#cache.store(AND, one, other, 0, this.make(level, low, high));
  }

  /** What is in `f` and not in `g`. */
  diff(f: Node, g: Node): Node {
    if (f === EMPTY || g === FULL || f === g) return EMPTY;
    if (g === EMPTY) return f;
    const known = this.#cache.find(DIFF, f, g, 0);
    if (known >= 0) return known;
    const level = Math.min(this.level(f), this.level(g));
    const low = this.diff(this.#low(f, level), this.#low(g, level));
    const high = this.diff(this.#high(f, level), this.#high(g, level));
    return this.#cache.store(DIFF, f, g, 0, this.make(level, low, high));
  }

  xor(f: Node, g: Node): Node {
    if (f === g) return EMPTY;
    if (f === EMPTY) return g;
    if (g === EMPTY) return f;
    const [one, other] = f < g ? [f, g] : [g, f];
    const known = this.#cache.find(XOR, one, other, 0);
    if (known >= 0) return known;
    const level = Math.min(this.level(f), this.level(g));
    const low = this.xor(this.#low(f, level), this.#low(g, level));
    const high = this.xor(this.#high(f, level), this.#high(g, level));
    return this.#cache.store(XOR, one, other, 0, this.make(level, low, high));
  }

  /** `g` where `f` holds, `h` elsewhere. */
  ite(f: Node, g: Node, h: Node): Node {
    if (f === FULL || g === h) return g;
    if (f === EMPTY) return h;
    if (h === EMPTY) return this.and(f, g);
    if (g === EMPTY) return this.diff(h, f);
    if (f === g) return this.ite(f, FULL, h);
    if (f === h) return this.and(f, g);
    if (g === FULL && f > h) return this.ite(h, FULL, f);
    const known = this.#cache.find(ITE, f, g, h);
    if (known >= 0) return known;
    const level = Math.min(this.level(f), this.level(g), this.level(h));
    const low = this.ite(this.#low(f, level), this.#low(g, level), this.#low(h, level));
    const high = this.ite(this.#high(f, level), this.#high(g, level), this.#high(h, level));
    return this.#cache.store(ITE, f, g, h, this.make(level, low, high));
  }

  /** All variables of the cube have one value each: what is left of the set when they have it. */
  restrict(f: Node, cube: Node): Node {
    if (f <= FULL || cube === FULL) return f;
    const level = this.level(f);
    let rest = cube;
    while (this.level(rest) < level) rest = this.#taken(rest);
    if (rest === FULL) return f;
    const known = this.#cache.find(RESTRICT, f, rest, 0);
    if (known >= 0) return known;
    const result =
      this.level(rest) === level
        ? this.restrict(this.low(rest) === EMPTY ? this.high(f) : this.low(f), this.#taken(rest))
        : this.make(level, this.restrict(this.low(f), rest), this.restrict(this.high(f), rest));
    return this.#cache.store(RESTRICT, f, rest, 0, result);
  }

  /** All that becomes a member by another choice of the variables, which are given as the set where all are 1. */
  exists(f: Node, variables: Node): Node {
    if (f <= FULL || variables === FULL) return f;
    const level = this.level(f);
    let rest = variables;
    while (this.level(rest) < level) rest = this.high(rest);
    if (rest === FULL) return f;
    const known = this.#cache.find(EXISTS, f, rest, 0);
    if (known >= 0) return known;
    const low = this.exists(this.low(f), rest);
    const high = this.level(rest) === level && low === FULL ? FULL : this.exists(this.high(f), rest);
    const result = this.level(rest) === level ? this.or(low, high) : this.make(level, low, high);
    return this.#cache.store(EXISTS, f, rest, 0, result);
  }

  /** The relational product: what `exists` makes of both together, without both together ever being there. */
  andExists(f: Node, g: Node, variables: Node): Node {
    if (f === EMPTY || g === EMPTY) return EMPTY;
    if (f === FULL || f === g) return this.exists(g, variables);
    if (g === FULL) return this.exists(f, variables);
    if (variables === FULL) return this.and(f, g);
    const level = Math.min(this.level(f), this.level(g));
    let rest = variables;
    while (this.level(rest) < level) rest = this.high(rest);
    const [one, other] = f < g ? [f, g] : [g, f];
    const known = this.#cache.find(AND_EXISTS, one, other, rest);
    if (known >= 0) return known;
    const low = this.andExists(this.#low(f, level), this.#low(g, level), rest);
    const quantified = this.level(rest) === level;
    const high = quantified && low === FULL ? FULL : this.andExists(this.#high(f, level), this.#high(g, level), rest);
    const result = quantified ? this.or(low, high) : this.make(level, low, high);
    return this.#cache.store(AND_EXISTS, one, other, rest, result);
  }

  #low(f: Node, level: number): Node {
    return this.level(f) === level ? this.low(f) : f;
  }

  #high(f: Node, level: number): Node {
    return this.level(f) === level ? this.high(f) : f;
  }

  /** What follows the first variable of a cube. */
  #taken(cube: Node): Node {
    return this.low(cube) === EMPTY ? this.high(cube) : this.low(cube);
  }
}
