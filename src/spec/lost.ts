import type { Origin } from '../diagnostic/diagnostic.ts';

/** A part of a file that was left out, because something is wrong with it. */
export interface Lost {
  readonly origin: Origin;
  /** Every key and text in it, the last key of its origin among them; undefined when it may have been anything. */
  readonly words: readonly string[] | undefined;
  /** `settings`: a map, or a list of them. It may be a part of the file that is written in the wrong place. */
  readonly holds: 'nothing' | 'values' | 'settings';
}

/** Sections in which parts have their names. */
const naming: ReadonlySet<unknown> = new Set(['networks', 'links', 'bridges', 'routers', 'machines', 'groups', 'services']);
/** Sections of lines, which name others. */
const lines: ReadonlySet<unknown> = new Set(['forwards', 'policy', 'expect']);

/** A program may use one object in so many places that there would be no end to looking at all of them. */
const MOST = 10_000;

export function lost(origin: Origin, value: unknown): Lost {
  const { words, holds, visits } = contentOf(value);
  const own = [String(origin.at(-1)), ...words];
  if (visits >= MOST) return { origin, words: undefined, holds: 'settings' };
  if (holds === 'settings') return { origin, words: own, holds };
  if (naming.has(origin[0]) && origin.length === 1) return { origin, words: undefined, holds };
  return { origin, words: lines.has(origin[0]) ? [] : own, holds };
}

interface Content {
  readonly words: string[];
  holds: Lost['holds'];
  visits: number;
}

function contentOf(value: unknown): Content {
  const content: Content = { words: [], holds: value === null ? 'nothing' : 'values', visits: 0 };
  collect(value, content);
  return content;
}

function collect(value: unknown, content: Content): void {
  content.visits += 1;
  if (content.visits >= MOST || value === null) return;
  if (typeof value !== 'object') content.words.push(String(value));
  else if (Array.isArray(value)) {
    for (const one of value) if (content.visits < MOST) collect(one, content);
  } else {
    content.holds = 'settings';
    for (const [key, one] of Object.entries(value)) {
      if (content.visits >= MOST) return;
      content.words.push(key);
      collect(one, content);
    }
  }
}
