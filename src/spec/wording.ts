import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Shape } from './shape.ts';

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const maxQuoted = 60;

/** A piece of the file as it is named in a sentence: its first line, and not all of a long one. */
export function quoted(text: string): string {
  const [line = ''] = text.split(/[\r\n]/, 1);
  const short = line.length > maxQuoted ? line.slice(0, maxQuoted) : line;
  return `\`${short}${short.length < text.length ? '...' : ''}\``;
}

export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

export function plural(noun: string): string {
  return noun + (/(s|x|sh|ch)$/.test(noun) ? 'es' : 's');
}

/** What a shape takes, in words that follow "must be". */
export function expected(shape: Shape): string {
  if (shape.anyOf) return alternatives([...new Set(choices(shape).map(expected))]);
  if (shape.enum) return alternatives(shape.enum.map(quoted));
  switch (shape.type) {
    case 'string':
      return shape.title ? withArticle(shape.title) : 'text';
    case 'integer':
      return shape.unit ? `a whole number of ${shape.unit}` : 'a whole number';
    case 'number':
      return shape.unit ? `a number of ${shape.unit}` : 'a number';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return shape.items?.title ? `a list of ${plural(shape.items.title)}` : 'a list';
    default:
      if (shape.properties) return 'a map of settings';
      return mapOf(shape.additionalProperties || undefined);
  }
}

function choices(shape: Shape): readonly Shape[] {
  return shape.anyOf ? shape.anyOf.flatMap(choices) : [shape];
}

function mapOf(part: Shape | undefined): string {
  return part?.title ? `a map of ${plural(part.title)}` : 'a map';
}

/** What is there instead, in words that follow "not". */
export function found(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'empty text' : `the text ${quoted(value)}`;
    case 'number':
      return `the number ${quoted(String(value))}`;
    case 'boolean':
      return `the truth value ${quoted(String(value))}`;
    default:
      return 'a map';
  }
}

/** What stands at a place, in words: `` `mtu` of network `dmz` ``, `` machine `web` ``, `the file`. */
export function subject(origin: Origin, titles: readonly (string | undefined)[]): string {
  const last = origin.at(-1);
  if (last === undefined) return 'the file';
  const title = titles.at(-1);
  if (typeof last === 'number') return `entry ${last + 1} of ${subject(origin.slice(0, -1), titles.slice(0, -1))}`;
  if (title !== undefined) return `${title} ${quoted(last)}`;
  const inEntry = origin.findLastIndex((one) => typeof one === 'number');
  const owner = titles.slice(0, -1).findLastIndex((one) => one !== undefined);
  // An entry of a list is nearer than what has a name.
  if (inEntry >= owner - 1 && inEntry >= 0)
    return `${quoted(last)} of ${subject(origin.slice(0, inEntry + 1), titles.slice(0, inEntry + 2))}`;
  return owner > 0 ? `${quoted(last)} of ${subject(origin.slice(0, owner), titles.slice(0, owner + 1))}` : quoted(last);
}

/** A value as it would be written on one line of YAML. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${flowText(one)}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}
