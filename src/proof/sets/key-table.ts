/** A list of keys as numbers, in the order of variables: sets of any of them are built without looking at their words again. */
import type { Interval } from '../../resource/ruleset/interval.ts';
import type { Diagram, Node } from './diagram.ts';
import { EMPTY, FULL } from './node-table.ts';
import { exactly } from './stretches.ts';

/** What keys have in one place, and the variables, the most significant first, that it is told by. */
export interface Told {
  readonly bits: readonly number[];
  /** One for each key. */
  readonly intervals: readonly Interval[];
}

/** Of keys in order, by their ranks. */
interface Column {
  readonly bits: readonly number[];
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Numbers of more bits are none that a shift could be asked of. */
const WIDEST = 32;

export class KeyTable {
  readonly #columns: readonly Column[];
  /** By the place of a key in the list. */
  readonly #ranks: Int32Array;

  private constructor(columns: readonly Column[], ranks: Int32Array) {
    this.#columns = columns;
    this.#ranks = ranks;
  }

  /** Undefined where keys overlap without being the same, where numbers are too large, or variables not in order. */
  static of(told: readonly Told[], size: number): KeyTable | undefined {
    const variables = told.flatMap(({ bits }) => bits);
    if (variables.some((variable, index) => variable <= (variables[index - 1] ?? -1))) return undefined;
    if (told.some(({ bits }) => bits.length > WIDEST)) return undefined;
    const columns = told.map(
      ({ bits, intervals }): Column => ({
        bits,
        from: Float64Array.from(intervals, ({ from }) => Number(from)),
        to: Float64Array.from(intervals, ({ to }) => Number(to)),
      }),
    );
    const order = Int32Array.from({ length: size }, (_, place) => place).sort((one, other) => compare(columns, one, other));
    const sorted = columns.map(
      ({ bits, from, to }): Column => ({
        bits,
        from: Float64Array.from(order, (place) => from[place] ?? 0),
        to: Float64Array.from(order, (place) => to[place] ?? 0),
      }),
    );
    for (let rank = 1; rank < size; rank++) if (overlap(sorted, rank)) return undefined;
    const ranks = new Int32Array(size);
    for (const [rank, place] of order.entries()) ranks[place] = rank;
    return new KeyTable(sorted, ranks);
  }

  /** @param places of keys in the list */
  nodeOf(diagram: Diagram, places: readonly number[] | undefined): Node {
    const ranks = places === undefined ? this.#ranks.slice() : Int32Array.from(places, (place) => this.#ranks[place] ?? 0);
    return ranks.length === 0 ? EMPTY : built(diagram, this.#columns, ranks.sort());
  }
}

function compare(columns: readonly Column[], one: number, other: number): number {
  for (const { from, to } of columns) {
    const difference = (from[one] ?? 0) - (from[other] ?? 0) || (to[one] ?? 0) - (to[other] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a key and the one before it are neither the same up to where they differ nor apart there. */
function overlap(columns: readonly Column[], rank: number): boolean {
  const differing = columns.find(({ from, to }) => from[rank] !== from[rank - 1] || to[rank] !== to[rank - 1]);
  return differing !== undefined && (differing.from[rank] ?? 0) <= (differing.to[rank - 1] ?? 0);
}

/** @param ranks in order */
function built(diagram: Diagram, columns: readonly Column[], ranks: Int32Array): Node {
  const behind = (number: number, begin: number, end: number): Node =>
    number === columns.length ? FULL : within(number, 0, 0, begin, end);
  /** As `stretched` does it: of keys `begin` to `end - 1`, those whose number in the column begins with what leads here. */
  const within = (number: number, index: number, first: number, begin: number, end: number): Node => {
    const column = columns[number];
    if (column === undefined || begin === end) return EMPTY;
    const { bits, from, to } = column;
    const width = bits.length - index;
    const last = first + 2 ** width - 1;
    const [front, back] = [ranks[begin] ?? 0, ranks[end - 1] ?? 0];
    const [least, most] = [from[front] ?? 0, to[back] ?? 0];
    if (from[back] === least) {
      if (least <= first && last <= most) return behind(number + 1, begin, end);
      if (least === most) return exactly(diagram, bits, index, bits.length, least, behind(number + 1, begin, end));
    }
    const shared = least < first || most > last ? index : bits.length - 32 + Math.clz32(least ^ most);
    if (shared > index) {
      const size = 2 ** (bits.length - shared);
      const start = Math.floor(least / size) * size;
      return exactly(diagram, bits, index, shared, Math.floor(least / size), within(number, shared, start, begin, end));
    }
    const middle = first + 2 ** (width - 1);
    const low = within(number, index + 1, first, begin, firstFrom(from, ranks, middle, begin, end));
    const high = within(number, index + 1, middle, firstFrom(to, ranks, middle, begin, end), end);
    return diagram.make(bits[index] ?? 0, low, high);
  };
  return behind(0, 0, ranks.length);
}

/** Of keys `begin` to `end - 1` the first whose number is large enough. */
function firstFrom(numbers: Float64Array, ranks: Int32Array, number: number, begin: number, end: number): number {
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ranks[middle] ?? 0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
