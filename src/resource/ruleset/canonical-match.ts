/** Matches as texts that are equal when they mean the same. */
import type { Field } from './field.ts';
import { type Interval, intervalOf, merged, valueText } from './interval.ts';
import { type Fact, factOf, placeOf } from './layout.ts';
import type { Match } from './statement.ts';
import type { Key } from './value.ts';
import { typeOf } from './value-type.ts';

/** The match, if all it says is a fact of the kind that fields imply. */
export function stated(match: Match): Fact | undefined {
  const [field, ...rest] = match.fields;
  const [only, ...others] = match.operator === '==' && rest.length === 0 ? intervalsOf(match) : [];
  if (field === undefined || only === undefined || others.length > 0) return undefined;
  return only.from === only.to ? factOf(field, only.from) : undefined;
}

export const fieldsText = (fields: readonly Field[]): string => fields.map((field) => placeOf(field).at).join(' . ');

const intervalText = ({ from, to }: Interval): string => (from === to ? String(from) : `${from}-${to}`);

export const keyText = (key: Key, fields: readonly Field[]): string =>
  key
    .map((value, place) => {
      const type = typeOf(fields[place] ?? 'meta mark');
      const interval = intervalOf(value, type);
      return interval === undefined ? valueText(value, type) : intervalText(interval);
    })
    .join(' . ');

/** Bits of a header that have one value. */
interface Bits {
  readonly base: string;
  readonly offset: number;
  readonly length: number;
  readonly value: bigint;
}

/** Of matches that stand together, sorted. nft joins what it compares with neighbouring bytes: so they are joined here. */
export function matchTexts(matches: readonly Match[]): readonly string[] {
  const bits: Bits[] = [];
  const texts: string[] = [];
  for (const match of matches) {
    const one = match.operator === '==' ? bitsOf(match) : undefined;
    if (one === undefined) texts.push(matchText(match));
    else bits.push(one);
  }
  return [...new Set([...texts, ...joined(bits).map((one) => bitsText(one, '=='))])].sort();
}

const bitsText = ({ base, offset, length, value }: Bits, operator: Match['operator']): string =>
  `${base},${offset},${length} ${operator} ${value}`;

function joined(bits: readonly Bits[]): readonly Bits[] {
  const result: Bits[] = [];
  const sorted = bits.toSorted(
    (one, other) => one.base.localeCompare(other.base) || one.offset - other.offset || one.length - other.length,
  );
  for (const next of sorted) {
    const last = result.at(-1);
    if (last === undefined || last.base !== next.base || last.offset + last.length !== next.offset) result.push(next);
    else
      result[result.length - 1] = { ...last, length: last.length + next.length, value: (last.value << BigInt(next.length)) | next.value };
  }
  return result;
}

/** A prefix of a field is a shorter field, as nft has it too: it says `arp saddr ether 02:00::/16` of two bytes. */
function bitsOf(match: Match): Bits | undefined {
  const [field, ...rest] = match.fields;
  const [only, ...others] = rest.length === 0 ? intervalsOf(match) : [];
  if (field === undefined || only === undefined || others.length > 0) return undefined;
  const [, base, offset, length] = /^(@..),(\d+),(\d+)$/.exec(placeOf(field).at) ?? [];
  const size = only.to - only.from + 1n;
  if (base === undefined || (size & (size - 1n)) !== 0n || only.from % size !== 0n) return undefined;
  const free = size.toString(2).length - 1;
  if (free > Number(length)) return undefined;
  return { base, offset: Number(offset), length: Number(length) - free, value: only.from >> BigInt(free) };
}

/** What one field is compared with, without what is said twice; nothing where it is not numbers. */
function intervalsOf({ fields: [field], among }: Match): readonly Interval[] {
  if (field === undefined || 'set' in among) return [];
  const intervals = among.map(([value]) => (value === undefined ? undefined : intervalOf(value, typeOf(field))));
  const known = intervals.filter((interval) => interval !== undefined);
  if (known.length < intervals.length) return [];
  // Without a range nft keeps neighbours apart.
  if (known.some(({ from, to }) => from !== to)) return merged(known);
  return [...new Map(known.map((interval) => [interval.from, interval])).values()];
}

function matchText(match: Match): string {
  const { fields, operator, among } = match;
  const bits = operator === '!=' ? bitsOf(match) : undefined;
  if (bits !== undefined) return bitsText(bits, operator);
  const left = `${fieldsText(fields)} ${operator}`;
  if ('set' in among) return `${left} @${among.set}`;
  const intervals = fields.length === 1 ? intervalsOf(match) : [];
  if (operator === 'in' && intervals.length > 0) return `${left} ${intervals.reduce((bits, { from }) => bits | from, 0n)}`;
  const texts = intervals.length > 0 ? intervals.map(intervalText) : [...new Set(among.map((key) => keyText(key, fields)))];
  return `${left} ${texts.sort().join(', ')}`;
}
