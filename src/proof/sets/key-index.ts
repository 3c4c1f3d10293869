/** Which of many keys can matter to packets of which something is known. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { Key } from '../../resource/ruleset/value.ts';
import { type Interval, intervalOf } from '../field-codes.ts';
import { type Context, spanOf } from './context.ts';

export class KeyIndex {
  readonly #columns: readonly Column[];
  readonly #fields: readonly Field[];
  readonly #size: number;

  constructor(fields: readonly Field[], keys: readonly Key[]) {
    this.#fields = fields;
    this.#size = keys.length;
    this.#columns = fields.map((field, place) => new Column(field, place, keys));
  }

  /** Their places in the list, in its order; undefined where it may be all of them. */
  relevant(context: Context): readonly number[] | undefined {
    const asked: { readonly column: Column; readonly wanted: Interval }[] = [];
    for (const [place, field] of this.#fields.entries()) {
      const wanted = spanOf(context, field);
      const column = this.#columns[place];
      if (wanted !== undefined && column !== undefined) asked.push({ column, wanted });
    }
    let [best, fewest]: [(typeof asked)[number] | undefined, number] = [undefined, this.#size];
    for (const one of asked) {
      const count = one.column.most(one.wanted);
      if (count < fewest) [best, fewest] = [one, count];
    }
    if (best === undefined) return undefined;
    const others = asked.filter((one) => one !== best);
    return best.column
      .touching(best.wanted)
      .filter((index) => others.every(({ column, wanted }) => column.touches(index, wanted)))
      .toSorted((one, other) => one - other);
  }
}

/** What keys have for one field. */
class Column {
  readonly #intervals: readonly Interval[];
  #sorted: { readonly order: readonly number[]; readonly from: readonly bigint[]; readonly furthest: readonly bigint[] } | undefined;

  constructor(field: Field, place: number, keys: readonly Key[]) {
    this.#intervals = keys.map((key) => {
      const value = key[place];
      if (value === undefined) throw new Error(`a key has nothing for ${field}`);
      return intervalOf(field, value);
    });
  }

  touches(index: number, wanted: Interval): boolean {
    const own = this.#intervals[index];
    return own !== undefined && own.from <= wanted.to && wanted.from <= own.to;
  }

  /** No more than so many touch. */
  most(wanted: Interval): number {
    const [begin, end] = this.#stretch(wanted);
    return end - begin;
  }

  touching(wanted: Interval): readonly number[] {
    const [begin, end] = this.#stretch(wanted);
    return this.#order()
      .order.slice(begin, end)
      .filter((index) => this.touches(index, wanted));
  }

  #order() {
    if (this.#sorted !== undefined) return this.#sorted;
    const intervals = this.#intervals;
    const order = [...intervals.keys()].sort((one, other) => {
      const [a, b] = [intervals[one]?.from ?? 0n, intervals[other]?.from ?? 0n];
      return a < b ? -1 : a > b ? 1 : 0;
    });
    let reached = -1n;
    const furthest = order.map((index) => {
      const to = intervals[index]?.to ?? 0n;
      if (to > reached) reached = to;
      return reached;
    });
    this.#sorted = { order, from: order.map((index) => intervals[index]?.from ?? 0n), furthest };
    return this.#sorted;
  }

  /** Of the keys in order: the first that may reach so far, and the first that begins behind. */
  #stretch(wanted: Interval): readonly [number, number] {
    const { from, furthest } = this.#order();
    const begin = firstWhere(furthest, (to) => to >= wanted.from);
    return [
      begin,
      Math.max(
        begin,
        firstWhere(from, (number) => number > wanted.to),
      ),
    ];
  }
}

/** Of numbers that rise, the place of the first that is far enough. */
function firstWhere(numbers: readonly bigint[], isEnough: (number: bigint) => boolean): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEnough(numbers[middle] ?? 0n)) high = middle;
    else low = middle + 1;
  }
  return low;
}
