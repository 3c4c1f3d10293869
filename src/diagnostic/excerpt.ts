import type { Place } from './diagnostic.ts';

export interface Excerpt {
  /** A line of the file, safe to print. */
  readonly line: string;
  /** Columns of the terminal before the marked part. */
  readonly before: number;
  /** Columns of the marked part, at least 1. */
  readonly length: number;
}

const ellipsis = '...';

/**
 * The line of a text on which a place begins, and which part of it is meant.
 *
 * Tabs become two spaces; characters that a terminal obeys instead of showing become `?`;
 * a line wider than `width` columns is cut around the marked part.
 */
export function excerpt(text: string, place: Place, width: number): Excerpt {
  const raw = lineOf(text, place.line);
  const from = Math.min(place.column - 1, raw.length);
  const to = place.endLine > place.line ? raw.trimEnd().length : Math.min(place.endColumn - 1, raw.length);
  const head = shownCharacters(raw.slice(0, from));
  const marked = shownCharacters(raw.slice(from, Math.max(to, from)));
  const tail = shownCharacters(raw.slice(Math.max(to, from)).trimEnd());
  return cut(head, marked, tail, width);
}

function cut(head: readonly string[], marked: readonly string[], tail: readonly string[], width: number): Excerpt {
  if (columns(head) + columns(marked) + columns(tail) <= width) return joined('', head, marked, tail, '');
  const part = takeStart(marked, width >> 1);
  const left = takeEnd(head, Math.max(width - columns(part), 0) >> 1);
  const right = part.length < marked.length ? [] : takeStart(tail, Math.max(width - columns(part) - columns(left), 0));
  const cutLeft = left.length < head.length ? ellipsis : '';
  const cutRight = part.length + right.length < marked.length + tail.length ? ellipsis : '';
  return joined(cutLeft, left, part, right, cutRight);
}

function joined(prefix: string, head: readonly string[], marked: readonly string[], tail: readonly string[], suffix: string): Excerpt {
  return {
    line: prefix + head.join('') + marked.join('') + tail.join('') + suffix,
    before: prefix.length + columns(head),
    length: Math.max(1, columns(marked)),
  };
}

function takeStart(characters: readonly string[], room: number): readonly string[] {
  let used = 0;
  for (const [index, character] of characters.entries()) {
    used += columnsOf(character);
    if (used > room) return characters.slice(0, index);
  }
  return characters;
}

function takeEnd(characters: readonly string[], room: number): readonly string[] {
  return takeStart([...characters].reverse(), room).toReversed();
}

function columns(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + columnsOf(character), 0);
}

function lineOf(text: string, line: number): string {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return '';
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
}

const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const combining = /\p{Mn}|\p{Me}/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function shownCharacters(text: string): string[] {
  return [...text].map((character) => (character === '\t' ? '  ' : obeyed.test(character) ? '?' : character));
}

function columnsOf(character: string): number {
  if (character.length === 2 && character === '  ') return 2;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
