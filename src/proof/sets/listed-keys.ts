/** Long lists of keys, as rules have them: what of them can matter, and sets of that. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { Key } from '../../resource/ruleset/value.ts';
import { intervalOf } from '../field-codes.ts';
import { type Context, spanOf } from './context.ts';
import type { Node } from './diagram.ts';
import { KeyIndex } from './key-index.ts';
import { KeyTable, type Told } from './key-table.ts';
import { productOf } from './product.ts';
import { type View, valueAt } from './view.ts';

/** Lists that are shorter are looked through from one end to the other. */
const INDEXED = 8;

/** Of a list, in its order, what can be about packets of the view. */
export function relevantOf<T>(view: View, fields: readonly Field[], list: readonly T[], keyOf: (one: T) => Key): readonly T[] {
  const { context } = view;
  if (context === undefined) return list;
  if (list.length < INDEXED) return list.filter((one) => isAbout(context, fields, keyOf(one)));
  const places = placesOf(view, fields, list, keyOf);
  return places === undefined ? list : places.map((place) => list[place]).filter((one) => one !== undefined);
}

/** What has one of the keys, of packets of the view; of others it says nothing. */
export function amongListed(view: View, fields: readonly Field[], keys: readonly Key[]): Node {
  const asked = view.asked(fields);
  const table = asked.length > 1 && keys.length >= INDEXED ? tableOf(view, fields, asked, keys) : undefined;
  return table === undefined
    ? productOf(
        view,
        fields,
        asked,
        relevantOf(view, fields, keys, (key) => key),
      )
    : table.nodeOf(
        view.diagram,
        placesOf(view, fields, keys, (key) => key),
      );
}

/** Where in the list that is which can matter; undefined for all of it. */
function placesOf<T>(view: View, fields: readonly Field[], list: readonly T[], keyOf: (one: T) => Key): readonly number[] | undefined {
  if (view.context === undefined) return undefined;
  return view.once(list, fields.join(' . '), () => new KeyIndex(fields, list.map(keyOf))).relevant(view.context);
}

/** Undefined where keys are not that simple. */
function tableOf(view: View, fields: readonly Field[], asked: readonly number[], keys: readonly Key[]): KeyTable | undefined {
  return view.once(keys, [view.isTurned ? 'turned' : '', ...fields, ...asked].join(' '), () => {
    const told = asked.flatMap((place): readonly Told[] => {
      const field = fields[place];
      const found = field && view.placeOf(field);
      const [only, ...others] = found?.kind === 'bits' ? found.variants : [];
      if (field === undefined || only === undefined || others.length > 0) return [];
      const { bits, codes } = only;
      const intervals = keys.map((key) => view.interval(field, valueAt(key, place, field)));
      return [{ bits, intervals: codes === undefined ? intervals : intervals.map((one) => codes.numbers(one)) }];
    });
    return told.length === asked.length ? KeyTable.of(told, keys.length) : undefined;
  });
}

const isAbout = (context: Context, fields: readonly Field[], key: Key): boolean =>
  fields.every((field, place) => {
    const value = key[place];
    const wanted = spanOf(context, field);
    if (value === undefined || wanted === undefined) return true;
    const own = intervalOf(field, value);
    return own.from <= wanted.to && wanted.from <= own.to;
  });
