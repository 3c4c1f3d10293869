/** Fields, values and verdicts in the words of nft(8). */
import type { DataType, Field } from '../../resource/ruleset/field.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';

export const quoted = (text: string): string => `"${text}"`;

/** Names of interfaces may look like anything, so they stand in quotes. */
const isName = (what: Field | DataType | undefined): boolean =>
  what === 'iifname' || what === 'oifname' || what === 'ibrname' || what === 'ifname';

export function valueText(value: Value, what: Field | DataType | undefined): string {
  if (typeof value === 'object')
    return 'prefix' in value ? `${value.prefix}/${value.length}` : `${valueText(value.from, what)}-${valueText(value.to, what)}`;
  return typeof value === 'string' && isName(what) ? quoted(value) : String(value);
}

/** A key of the fields, or of a set of the types. */
export const keyText = (key: Key, of: readonly (Field | DataType)[]): string =>
  key.map((value, place) => valueText(value, of[place])).join(' . ');

export const fieldsText = (fields: readonly Field[]): string => fields.join(' . ');

export function verdictText(verdict: Verdict): string {
  if (typeof verdict === 'string') return verdict;
  return 'jump' in verdict ? `jump ${verdict.jump}` : `goto ${verdict.goto}`;
}
