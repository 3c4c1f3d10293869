/** What a rule looks at, from JSON. */
import type { Field } from '../../resource/ruleset/field.ts';
import { placeOf } from '../../resource/ruleset/layout.ts';
import { namedField } from '../../resource/ruleset/value-type.ts';
import { BITS, type Header, isHeader } from './headers.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { all } from './parse-value.ts';

export interface ParsedField {
  readonly field: Field;
  /** How far values have to be shifted to the right, where only some bits of a wider field are looked at. */
  readonly shift: number;
  /** The header that the bits are in, where nft names it and there is no name for the field here. */
  readonly header?: Header;
}

/** A field, or several together. */
export function parseFields(json: unknown): readonly ParsedField[] | undefined {
  return all((isObject(json) && isArray(json['concat']) ? json['concat'] : [json]).map(parseField));
}

function parseField(json: unknown): ParsedField | undefined {
  if (!isObject(json)) return undefined;
  return isArray(json['&']) ? masked(json['&']) : plain(json);
}

const named = (text: string): ParsedField | undefined => {
  const field = namedField(text);
  return field === undefined ? undefined : { field, shift: 0 };
};

function plain({ meta, ct, payload, fib, exthdr }: JsonObject): ParsedField | undefined {
  if (isObject(meta)) return named(String(meta['key'])) ?? named(`meta ${String(meta['key'])}`);
  // With a direction it would be another field.
  if (isObject(ct)) return 'dir' in ct ? undefined : named(`ct ${String(ct['key'])}`);
  if (isObject(fib)) return JSON.stringify(fib['flags']) === '["daddr"]' && fib['result'] === 'type' ? named('fib daddr type') : undefined;
  if (isObject(exthdr)) {
    const { name, field } = exthdr;
    return name === 'frag' && !('offset' in exthdr) ? named(field === undefined ? 'exthdr frag' : `frag ${String(field)}`) : undefined;
  }
  if (!isObject(payload)) return undefined;
  const { protocol, field, base, offset, len } = payload;
  if (typeof protocol === 'string') return named(`${protocol} ${String(field)}`) ?? nameless(protocol, String(field));
  return (base === 'll' || base === 'nh' || base === 'th') && typeof offset === 'number' && typeof len === 'number'
    ? { field: `@${base},${offset},${len}`, shift: 0 }
    : undefined;
}

/** What nft names where raw bits were asked for: it knows the header from another match. */
function nameless(protocol: string, field: string): ParsedField | undefined {
  const bits = BITS[`${protocol} ${field}`];
  return bits === undefined ? undefined : { field: bits, shift: 0, header: protocol as Header };
}

/** nft reads whole bytes and masks them: bits that stand together are a field of their own here. */
function masked([left, mask]: readonly unknown[]): ParsedField | undefined {
  if (!isObject(left) || typeof mask !== 'number' || mask <= 0) return undefined;
  const whole = plain(left);
  if (whole === undefined) return undefined;
  const [, base, offset, length] = /^@(ll|nh|th),(\d+),(\d+)$/.exec(placeOf(whole.field).at) ?? [];
  const bits = mask.toString(2);
  const [, ones = '', zeros = ''] = /^(1+)(0*)$/.exec(bits) ?? [];
  if ((base !== 'll' && base !== 'nh' && base !== 'th') || ones === '' || bits.length > Number(length)) return undefined;
  const header = whole.header ?? (isNamed(whole.field) ? whole.field.split(' ')[0] : undefined);
  return {
    field: `@${base},${Number(offset) + Number(length) - bits.length},${ones.length}`,
    shift: zeros.length,
    ...(isHeader(header) ? { header } : {}),
  };
}

const isNamed = (field: Field): boolean => !field.startsWith('@');
