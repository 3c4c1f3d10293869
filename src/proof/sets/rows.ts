/** A set of packets as rows: each says what each of some slots may be, and no two have a packet in common. */
import type { Interval } from '../../resource/ruleset/interval.ts';
import type { Diagram, Node } from './diagram.ts';
import type { Layout, Slot } from './layout.ts';
import { EMPTY, FULL } from './node-table.ts';

/** Of a slot. */
export interface Numbers {
  /** Sorted. */
  readonly intervals: readonly Interval[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Slots that may be anything are not in it. */
export type Row = ReadonlyMap<string, Numbers>;

/** Intervals of a slot in a row. */
const MOST = 256;

export function* rowsOf(diagram: Diagram, layout: Layout, set: Node): Generator<Row> {
  if (set === EMPTY) return;
  if (set === FULL) {
    yield new Map();
    return;
  }
  const slot = slotAt(layout, diagram.level(set));
  for (const rest of exitsOf(diagram, slot, set)) {
    const numbers = numbersTo(diagram, slot, set, rest);
    for (const row of rowsOf(diagram, layout, rest)) yield new Map([[slot.name, numbers], ...row]);
  }
}

/** How many rows there are, without going through them. */
export function rowCount(diagram: Diagram, layout: Layout, set: Node): bigint {
  const counts = new Map<Node, bigint>([
    [EMPTY, 0n],
    [FULL, 1n],
  ]);
  const count = (node: Node): bigint => {
    const known = counts.get(node);
    if (known !== undefined) return known;
    let sum = 0n;
    for (const rest of exitsOf(diagram, slotAt(layout, diagram.level(node)), node)) sum += count(rest);
    counts.set(node, sum);
    return sum;
  };
  return count(set);
}

/** Numbers of the slot that lead from the set to what is looked at behind it, least first. */
function numbersTo(diagram: Diagram, { first, bits }: Slot, set: Node, exit: Node): Numbers {
  const intervals: Interval[] = [];
  const dead = new Set<Node>();
  /** Whether any do. Goes on until there are too many, which a pattern of single bits may have. */
  const walk = (node: Node, bit: number, from: bigint): boolean => {
    if (intervals.length > MOST || dead.has(node)) return false;
    if (diagram.level(node) >= first + bits) {
      if (node !== exit) return false;
      const to = from | ((1n << BigInt(bits - bit)) - 1n);
      const last = intervals.at(-1);
      if (last !== undefined && last.to + 1n === from) intervals[intervals.length - 1] = { from: last.from, to };
      else intervals.push({ from, to });
      return true;
    }
    const looked = diagram.level(node) === first + bit;
    const low = walk(looked ? diagram.low(node) : node, bit + 1, from);
    const high = walk(looked ? diagram.high(node) : node, bit + 1, from | (1n << BigInt(bits - bit - 1)));
    if (!low && !high && intervals.length <= MOST) dead.add(node);
    return low || high;
  };
  walk(set, 0, 0n);
  return { intervals: intervals.slice(0, MOST), complete: intervals.length <= MOST };
}

function exitsOf(diagram: Diagram, { first, bits }: Slot, set: Node): ReadonlySet<Node> {
  const seen = new Set<Node>();
  const exits = new Set<Node>();
  const walk = (node: Node): void => {
    if (diagram.level(node) >= first + bits) {
      if (node !== EMPTY) exits.add(node);
      return;
    }
    if (seen.has(node)) return;
    seen.add(node);
    walk(diagram.low(node));
    walk(diagram.high(node));
  };
  walk(set);
  return exits;
}

function slotAt({ slots }: Layout, level: number): Slot {
  const slot = slots.find(({ first, bits }) => first <= level && level < first + bits);
  if (slot === undefined) throw new Error(`no slot has variable ${level}`);
  return slot;
}
