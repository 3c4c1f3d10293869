/** Numbers between limits as diagrams, and many sets joined or intersected as one. */
import type { Interval } from '../../resource/ruleset/interval.ts';
import type { Diagram, Node } from './diagram.ts';
import { EMPTY, FULL } from './node-table.ts';

/** Numbers from one to another, and what holds behind them, of variables that come later. */
export interface Stretch extends Interval {
  readonly below: Node;
}

/**
 * The bits, as a number, are in one of the intervals.
 *
 * @param bits variables, the most significant first
 * @param intervals sorted, without overlaps
 */
export const among = (diagram: Diagram, bits: readonly number[], intervals: readonly Interval[]): Node =>
  stretched(
    diagram,
    bits,
    intervals.map(({ from, to }) => ({ from, to, below: FULL })),
  );

/**
 * The bits, as a number, are in one of the stretches, and what is behind it holds. Every node of it is made once.
 *
 * @param bits variables, the most significant first
 * @param stretches sorted, without overlaps
 */
export function stretched(diagram: Diagram, bits: readonly number[], stretches: readonly Stretch[]): Node {
  /** For numbers that begin with what leads here: `first` is the least of them, and stretches `from` to `to - 1` reach into them. */
  const build = (index: number, first: bigint, from: number, to: number): Node => {
    const last = first | ((1n << BigInt(bits.length - index)) - 1n);
    let [begin, end] = [from, to];
    while (begin < end && (stretches[begin]?.to ?? 0n) < first) begin++;
    while (begin < end && (stretches[end - 1]?.from ?? 0n) > last) end--;
    const only = stretches[begin];
    if (begin === end || only === undefined) return EMPTY;
    if (end === begin + 1 && only.from <= first && last <= only.to) return only.below;
    if (end === begin + 1 && only.from === only.to) return wide(diagram, bits, index, bits.length, only.from, only.below);
    if (index === bits.length) return only.below;
    // Where all of them begin alike, there is one way on for many bits.
    const furthest = stretches[end - 1] ?? only;
    const shared = only.from < first || furthest.to > last ? index : bits.length - widthOf(only.from ^ furthest.to);
    if (shared > index) {
      const rest = BigInt(bits.length - shared);
      return wide(diagram, bits, index, shared, only.from >> rest, build(shared, (only.from >> rest) << rest, begin, end));
    }
    const middle = first | (1n << BigInt(bits.length - index - 1));
    const split = firstReaching(stretches, middle, begin, end);
    const low = build(index + 1, first, begin, Math.min(end, split + 1));
    return branch(diagram, bits[index] ?? 0, low, build(index + 1, middle, split, end));
  };
  return build(0, 0n, 0, stretches.length);
}

/** Bits that it takes to write the number. */
const widthOf = (number: bigint): number => (number === 0n ? 0 : number.toString(2).length);

/** The bits from `index` up to but not with `end` are the last of the number: most of what rules name is one address or one port. */
function wide(diagram: Diagram, bits: readonly number[], index: number, end: number, number: bigint, below: Node): Node {
  let node = below;
  let rest = number;
  // As few large numbers as can be.
  for (let stop = end; stop > index; stop -= 32, rest >>= 32n)
    node = exactly(diagram, bits, Math.max(index, stop - 32), stop, Number(rest & 0xffff_ffffn), node);
  return node;
}

/** The same for at most 32 bits. */
export function exactly(diagram: Diagram, bits: readonly number[], index: number, end: number, number: number, below: Node): Node {
  const first = bits[index] ?? 0;
  let place = index;
  while (place < end && bits[place] === first + place - index) place++;
  if (place === end && first + end - index <= diagram.level(below)) return diagram.number(first, end - index, number, below);
  let node = below;
  for (let at = end - 1, rest = number; at >= index; at--, rest >>>= 1)
    node = (rest & 1) === 1 ? branch(diagram, bits[at] ?? 0, EMPTY, node) : branch(diagram, bits[at] ?? 0, node, EMPTY);
  return node;
}

/** Of intervals `from` to `to - 1` the first that does not end before the number. */
function firstReaching(intervals: readonly Interval[], number: bigint, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.to ?? 0n) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Also where the variable comes after those of its branches, as it may when one field is several slots. */
function branch(diagram: Diagram, level: number, low: Node, high: Node): Node {
  const first = level < diagram.level(low) && level < diagram.level(high);
  return first ? diagram.make(level, low, high) : diagram.ite(diagram.variable(level), high, low);
}

/** Two by two, and of the results again two by two: neighbours are alike, and the large sets come last. */
export function union(diagram: Diagram, sets: readonly Node[]): Node {
  let round = sets;
  while (round.length > 1) {
    const next: Node[] = [];
    for (let index = 0; index < round.length; index += 2) next.push(diagram.or(round[index] ?? EMPTY, round[index + 1] ?? EMPTY));
    round = next;
  }
  return round[0] ?? EMPTY;
}

/** What looks at the last variables first: then only what is before it is added. */
export function intersection(diagram: Diagram, sets: readonly Node[]): Node {
  const sorted = sets.toSorted((one, other) => diagram.level(other) - diagram.level(one));
  return sorted.reduce((all, set) => diagram.and(all, set), FULL);
}
