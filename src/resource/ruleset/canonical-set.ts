/** Sets and their elements as texts that are equal when they mean the same. */
import type { DataType, RawPayload } from './field.ts';
import { valueText } from './interval.ts';
import type { NamedSet } from './named-set.ts';

/** The JSON of nft says `integer` of raw bits. Which they are is told by the rules that look them up, if there are any. */
export const SOME_BITS: RawPayload = '@ll,0,0';

/** Whether one can hold what the other can. */
export function sameDefinition(one: NamedSet, other: NamedSet): boolean {
  if (one.kind !== other.kind || one.interval !== other.interval || one.counter !== other.counter) return false;
  return sameTypes(one.types, other.types) && (one.kind !== 'map' || other.kind !== 'map' || sameTypes(one.data, other.data));
}

const sameTypes = (some: readonly DataType[], others: readonly DataType[]): boolean =>
  some.length === others.length && some.every((type, place) => sameType(type, others[place] ?? type));

const sameType = (one: DataType, other: DataType): boolean =>
  one === other || (one.startsWith('@') && other.startsWith('@') && [one, other].includes(SOME_BITS));

/** What each key leads to, and its comment, by the text of the key. */
export function elementTexts(set: NamedSet): ReadonlyMap<string, string> {
  const key = (element: NamedSet['elements'][number]): string =>
    element.key.map((value, place) => valueText(value, set.types[place] ?? 'mark')).join(' . ');
  switch (set.kind) {
    case 'set':
      return new Map(set.elements.map((element) => [key(element), element.comment]));
    case 'verdict-map':
      return new Map(set.elements.map((element) => [key(element), `${JSON.stringify(element.verdict)} ${element.comment}`]));
    case 'map':
      return new Map(
        set.elements.map((element) => [
          key(element),
          `${element.value.map((value, place) => valueText(value, set.data[place] ?? 'mark')).join(' . ')} ${element.comment}`,
        ]),
      );
  }
}
