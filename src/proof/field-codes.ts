/** Fields and their values as numbers, as the kernel compares them. */
import type { Field, RawPayload } from '../resource/ruleset/field.ts';
import { type Interval, intervalOf as intervalOfType } from '../resource/ruleset/interval.ts';
import { numberOf } from '../resource/ruleset/symbols.ts';
import type { Value } from '../resource/ruleset/value.ts';
import { typeOf, type ValueType } from '../resource/ruleset/value-type.ts';

export type { Interval };

/** IFNAMSIZ bytes, the last of which is zero. */
const NAME_BYTES = 16;

/** Bits of a header, and no field with a name. */
export const isRaw = (type: string): type is RawPayload => type.startsWith('@');

/** The bytes of the name, the first one highest. */
export function nameCode(text: string): bigint {
  const bytes = Buffer.alloc(NAME_BYTES);
  bytes.write(text.slice(0, NAME_BYTES - 1));
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** @throws Error for a value that the field cannot have: what is not understood is no guess. */
export function intervalOf(field: Field, value: Value): Interval {
  const type = typeOf(field);
  if (type === 'ifname' && typeof value === 'string') return { from: nameCode(value), to: nameCode(value) };
  const interval = intervalOfType(value, type);
  if (interval === undefined) throw new Error(`${field} cannot be ${JSON.stringify(value)}`);
  return interval;
}

/** The number behind a name of nft(8), which has to be known. */
export function codeOf(type: ValueType, symbol: string): bigint {
  const number = numberOf(type, symbol);
  if (number === undefined) throw new Error(`${type} has no ${symbol}`);
  return BigInt(number);
}
