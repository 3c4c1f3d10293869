/** What is known of all packets before rules are asked about them: then most of a large ruleset is not looked at. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { Interval } from '../field-codes.ts';
import type { Diagram, Node } from './diagram.ts';
import { EMPTY, FULL } from './node-table.ts';

export interface Context {
  /** What packets have in a field, all the same; undefined for fields that they do not have. */
  readonly known: ReadonlyMap<Field, bigint | undefined>;
  /** Fields that have a number of one of the intervals, which are in order and apart, whatever else is not known of them. */
  readonly within: ReadonlyMap<Field, readonly Interval[]>;
  /** Packets stand for answers to them: rules see sources where destinations are, and so with ports. */
  readonly turned?: boolean;
}

/** Everything between the least and the greatest number that a field may have; undefined where that may be any. */
export function spanOf({ known, within }: Context, field: Field): Interval | undefined {
  const code = known.get(field);
  if (code !== undefined) return { from: code, to: code };
  const intervals = within.get(field);
  const [first, last] = [intervals?.[0], intervals?.at(-1)];
  return first && last && { from: first.from, to: last.to };
}

/** Whether each interval is a part of one of the others. Both are in order, and touch nowhere. */
export function areWithin(intervals: readonly Interval[], others: readonly Interval[]): boolean {
  let place = 0;
  return intervals.every(({ from, to }) => {
    while (place < others.length && (others[place]?.to ?? 0n) < to) place++;
    const other = others[place];
    return other !== undefined && other.from <= from;
  });
}

/** The least and the greatest number that members have in the bits, which are neighbours in the order; undefined for none. */
export function extentOf(diagram: Diagram, set: Node, bits: readonly number[]): Interval | undefined {
  if (set === EMPTY) return undefined;
  const [first = 0] = bits;
  const entries = entriesBelow(diagram, set, first);
  return { from: extreme(diagram, entries, bits, 0), to: extreme(diagram, entries, bits, 1) };
}

/** Nodes that are come to first when variables before `level` are decided. */
function entriesBelow(diagram: Diagram, set: Node, level: number): readonly Node[] {
  const entries = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (node === EMPTY || seen.has(node)) return;
    seen.add(node);
    if (diagram.level(node) >= level) entries.add(node);
    else {
      visit(diagram.low(node));
      visit(diagram.high(node));
    }
  };
  visit(set);
  return [...entries];
}

/** Bit by bit the wanted one, wherever a member has it: every node but `EMPTY` has members. */
function extreme(diagram: Diagram, entries: readonly Node[], bits: readonly number[], wanted: 0 | 1): bigint {
  let nodes = entries;
  let number = 0n;
  for (const bit of bits) {
    const below = (value: 0 | 1): readonly Node[] => {
      const next = new Set<Node>();
      for (const node of nodes) {
        const child = node === FULL || diagram.level(node) !== bit ? node : value === 0 ? diagram.low(node) : diagram.high(node);
        if (child !== EMPTY) next.add(child);
      }
      return [...next];
    };
    const preferred = below(wanted);
    const value = preferred.length > 0 ? wanted : wanted === 0 ? 1 : 0;
    nodes = preferred.length > 0 ? preferred : below(value);
    number = (number << 1n) | BigInt(value);
  }
  return number;
}
