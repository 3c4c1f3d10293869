import type { Field } from '../resource/ruleset/field.ts';
import type { NamedSet } from '../resource/ruleset/named-set.ts';
import { type Interval, intervalOf } from './field-codes.ts';

type Element = NamedSet['elements'][number];

/** Finds the element of a set that a key is in. */
export type Lookup = (codes: readonly bigint[]) => Element | undefined;

/** Exact keys by hash; the rest by going through those whose first component fits, which is how few they are in practice. */
export function lookupOf(set: NamedSet, fields: readonly Field[]): Lookup {
  const exact = new Map<string, Element>();
  const wide: { readonly intervals: readonly Interval[]; readonly element: Element }[] = [];
  for (const element of set.elements) {
    const intervals = fields.map((field, place) => intervalOf(field, element.key[place] ?? 0));
    if (intervals.every(({ from, to }) => from === to)) exact.set(intervals.map(({ from }) => from).join(' '), element);
    else wide.push({ intervals, element });
  }
  return (codes) =>
    exact.get(codes.join(' ')) ??
    wide.find(({ intervals }) => intervals.every(({ from, to }, place) => from <= (codes[place] ?? 0n) && (codes[place] ?? 0n) <= to))
      ?.element;
}
