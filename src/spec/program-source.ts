import type { Origin } from '../diagnostic/diagnostic.ts';
import { type Source, wholeFile } from './source.ts';
import { TextPosition } from './text-position.ts';

/**
 * A program has no places for the parts that it makes. But most are written in it as they are: the innermost key that stands
 * in the text once, as a key, is the place; where there is none, the file as a whole.
 */
export function programSource(file: string, text: string): Source {
  const position = new TextPosition(file, text);
  return {
    file,
    text,
    kind: 'program',
    locate: (origin) => {
      const found = placeOf(text, origin);
      return found === undefined ? wholeFile(file) : position.place(found.start, found.end);
    },
  };
}

function placeOf(text: string, origin: Origin): { readonly start: number; readonly end: number } | undefined {
  for (const key of origin.toReversed()) {
    if (typeof key !== 'string') continue;
    const [only, another] = keysIn(text, key);
    if (only !== undefined && another === undefined) return { start: only, end: only + key.length };
  }
  return undefined;
}

/** Offsets of a key of an object, with or without quotes. Two are enough to know that it is not alone. */
function keysIn(text: string, key: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(key); at >= 0 && found.length < 2; at = text.indexOf(key, at + 1)) {
    const isWhole = !/[\w$.-]$/.test(text.slice(Math.max(at - 1, 0), at));
    if (isWhole && /^['"`]?\]?\s*:/.test(text.slice(at + key.length, at + key.length + 20))) found.push(at);
  }
  return found;
}
