/** Values as libnftables-json(5) has them, into those of rulesets. Undefined: there are no words for it. */
import { numberOf, symbolOf } from '../../resource/ruleset/symbols.ts';
import type { Atom, Key, Value } from '../../resource/ruleset/value.ts';
import type { ValueType } from '../../resource/ruleset/value-type.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import { isArray, isObject } from './json.ts';

export function parseAtom(json: unknown, type: ValueType): Atom | undefined {
  if (typeof json === 'number') return symbolOf(type, json) ?? json;
  if (typeof json === 'boolean') return json ? 'exists' : 'missing';
  if (typeof json !== 'string') return undefined;
  // Of several names for one number, one.
  const number = numberOf(type, json);
  return number === undefined ? json : (symbolOf(type, number) ?? json);
}

/** `width`: bits of the field, 32 unless given. */
export function parseValue(json: unknown, type: ValueType, width = 32): Value | undefined {
  if (!isObject(json)) return parseAtom(json, type);
  const { prefix, range } = json;
  if (isArray(range)) {
    const [from, to] = [parseAtom(range[0], type), parseAtom(range[1], type)];
    return from === undefined || to === undefined ? undefined : { from, to };
  }
  if (!isObject(prefix) || typeof prefix['len'] !== 'number') return undefined;
  const { addr, len } = prefix;
  if (typeof addr === 'string') return { prefix: addr, length: len };
  return typeof addr === 'number' ? { from: addr, to: addr + 2 ** (width - len) - 1 } : undefined;
}

/** One value, or one for each of several types. */
export function parseKey(json: unknown, types: readonly ValueType[], widths: readonly (number | undefined)[] = []): Key | undefined {
  const parts = isObject(json) && isArray(json['concat']) ? json['concat'] : [json];
  if (parts.length !== types.length) return undefined;
  return all(parts.map((part, place) => parseValue(part, types[place] ?? 'integer', widths[place])));
}

export function parseVerdict(json: unknown): Verdict | undefined {
  if (!isObject(json)) return undefined;
  const [name, ...rest] = Object.keys(json);
  if (rest.length > 0) return undefined;
  switch (name) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      return name;
    case 'jump':
    case 'goto': {
      const to = json[name];
      if (!isObject(to) || typeof to['target'] !== 'string') return undefined;
      return name === 'jump' ? { jump: to['target'] } : { goto: to['target'] };
    }
    default:
      return undefined;
  }
}

/** Undefined as soon as one of them is. */
export function all<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
