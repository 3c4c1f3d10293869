/** Sets of what is in the bits of fields: of one of them, and of several together. */
import type { Field } from '../../resource/ruleset/field.ts';
import { merged } from '../../resource/ruleset/interval.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import type { Codes } from './address-codes.ts';
import { areWithin } from './context.ts';
import type { Node } from './diagram.ts';
import { EMPTY, FULL } from './node-table.ts';
import type { Place } from './places.ts';
import { among, type Stretch, stretched, union } from './stretches.ts';
import { bitsOf } from './universe.ts';
import { type View, valueAt } from './view.ts';

/** Whatever has one of the keys. @param order places of fields, those first that stand first in the diagram */
export function productOf(view: View, fields: readonly Field[], [place, ...rest]: readonly number[], keys: readonly Key[]): Node {
  const field = place === undefined ? undefined : fields[place];
  if (place === undefined || field === undefined) return keys.length > 0 ? view.all : EMPTY;
  const valueIn = (key: Key): Value => valueAt(key, place, field);
  if (rest.length === 0) return valuesOf(view, field, keys.map(valueIn));
  const groups = new Map<string, { readonly value: Value; readonly keys: Key[] }>();
  for (const key of keys) {
    const value = valueIn(key);
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { value, keys: [key] });
    else group.keys.push(key);
  }
  const parts = [...groups.values()].map((group) => ({ value: group.value, below: productOf(view, fields, rest, group.keys) }));
  return (
    apart(view, field, parts) ??
    union(
      view.diagram,
      parts.map(({ value, below }) => view.diagram.and(valuesOf(view, field, [value]), below)),
    )
  );
}

/** Of values of which no two overlap, each with what holds behind it, all at once; undefined where some do. */
function apart(view: View, field: Field, parts: readonly { readonly value: Value; readonly below: Node }[]): Node | undefined {
  const place = view.placeOf(field);
  if (place.kind !== 'bits' || parts.length < 2) return undefined;
  const stretches = parts
    .map(({ value, below }): Stretch => ({ ...view.interval(field, value), below }))
    .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
  if (stretches.some(({ from }, index) => from <= (stretches[index - 1]?.to ?? -1n))) return undefined;
  return variantsOf(view, place, (bits, codes) =>
    stretched(view.diagram, bits, codes === undefined ? stretches : stretches.map((one) => ({ ...one, ...codes.numbers(one) }))),
  );
}

/** What is said of the bits of a field, wherever these are. */
function variantsOf(
  view: View,
  { variants }: Place & { readonly kind: 'bits' },
  setOf: (bits: readonly number[], codes: Codes | undefined) => Node,
): Node {
  const [only, ...others] = variants;
  if (only !== undefined && others.length === 0) return setOf(only.bits, only.codes);
  return union(
    view.diagram,
    variants.map(({ when, bits, codes }) => view.when(when, setOf(bits, codes))),
  );
}

function valuesOf(view: View, field: Field, values: readonly Value[]): Node {
  const { diagram, context } = view;
  const place = view.placeOf(field);
  if (place.kind === 'bits') {
    const intervals = merged(values.map((value) => view.interval(field, value)));
    // Of no other packets is asked than those that have one of them.
    const within = context?.within.get(field);
    if (within !== undefined && areWithin(within, intervals)) return FULL;
    return variantsOf(view, place, (bits, codes) =>
      among(diagram, bits, codes === undefined ? intervals : intervals.map((one) => codes.numbers(one))),
    );
  }
  const numbers = values.flatMap((value) => numbersOf(view, field, place, value).map(BigInt));
  return among(diagram, bitsOf(place.slot), merged(numbers.map((number) => ({ from: number, to: number }))));
}

function numbersOf(view: View, field: Field, place: Place & { readonly kind: 'list' }, value: Value): readonly number[] {
  const single = typeOf(field) === 'ifname' ? value : view.interval(field, value);
  const exact = typeof single === 'object' && 'to' in single && single.from === single.to ? single.from : single;
  if (typeof exact === 'object' || typeof exact === 'number' || (typeof exact === 'string' && exact.endsWith('*')))
    throw new Error(`${field} cannot be compared with ${JSON.stringify(value)}`);
  const number = place.values.indexOf(exact);
  if (number < 0 && !place.complete) throw new Error(`${field} is nowhere said to be ${exact}`);
  return number < 0 ? [] : [number];
}
