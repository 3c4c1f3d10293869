import { QuickFlow, Unsure } from './quick-flow.ts';
import { reservedKey } from './reserved-key.ts';
import type { Entry, ListTree, MapTree, Tree } from './tree.ts';

/** A line that holds something. */
interface Line {
  /** Offset of its first character that is no space. */
  readonly start: number;
  /** Offset of its end, without the line break. */
  readonly end: number;
  /** Spaces before `start`. */
  readonly indent: number;
}

/**
 * Reads the plain part of YAML, in which nearly all bottle files are written, some ten times as fast as a full reader:
 * block maps and lists, flow collections on one line, plain and quoted text on one line, comments.
 *
 * @returns undefined for anything else, right or wrong: the full reader then decides, and words the errors.
 *   Where there is a tree, it is the one that the full reader gives.
 */
export function quickTree(text: string): Tree | undefined {
  // Tabs, carriage returns, control characters and everything beyond ASCII are left to the full reader.
  if (/[^\n -~]/.test(text)) return undefined;
  try {
    return new QuickReader(text).read();
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}

/** Maps inside one another; the full reader is the one that says when there are too many. */
const maxDepth = 20;

class QuickReader {
  readonly #text: string;
  readonly #lines: readonly Line[];
  readonly #flow: QuickFlow;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lines = contentLines(text);
    this.#flow = new QuickFlow(text);
  }

  read(): Tree {
    const first = this.#lines[0];
    if (first?.indent !== 0) throw new Unsure();
    const root = this.#map(0, 0);
    if (this.#next < this.#lines.length) throw new Unsure();
    return root;
  }

  #map(indent: number, depth: number): MapTree {
    if (depth > maxDepth) throw new Unsure();
    const entries = new Map<string, Entry>();
    const start = this.#lines[this.#next]?.start ?? 0;
    let end = start;
    for (let line = this.#lines[this.#next]; line && line.indent >= indent; line = this.#lines[this.#next]) {
      if (line.indent > indent) throw new Unsure();
      this.#next++;
      const key = this.#flow.key(line.start, line.end);
      const name = this.#text.slice(key.start, key.end);
      if (entries.has(name) || reservedKey(name)) throw new Unsure();
      const value = this.#value(key.after, key.end, line, depth);
      entries.set(name, { key: { start: key.start, end: key.end }, value });
      end = value.end;
    }
    return { kind: 'map', entries, incomplete: false, start, end };
  }

  /** What stands after a colon: on its line, or below. */
  #value(from: number, keyEnd: number, line: Line, depth: number): Tree {
    const at = this.#flow.skipSpaces(from, line.end);
    const next = this.#lines[this.#next];
    if (at < line.end && this.#text[at] !== '#') {
      // A deeper line would go on with the text.
      if (next && next.indent > line.indent) throw new Unsure();
      return this.#flow.whole(at, line.end);
    }
    if (next && this.#isItem(next) && next.indent >= line.indent) return this.#list(next.indent);
    if (next && next.indent > line.indent) return this.#map(next.indent, depth + 1);
    return { kind: 'scalar', value: null, start: keyEnd, end: keyEnd };
  }

  #list(indent: number): ListTree {
    const items: Tree[] = [];
    const start = this.#lines[this.#next]?.start ?? 0;
    for (let line = this.#lines[this.#next]; line && line.indent === indent && this.#isItem(line); line = this.#lines[this.#next]) {
      this.#next++;
      const at = this.#flow.skipSpaces(line.start + 1, line.end);
      const next = this.#lines[this.#next];
      if (at >= line.end || this.#text[at] === '#' || (next && next.indent > indent)) throw new Unsure();
      items.push(this.#flow.whole(at, line.end));
    }
    return { kind: 'list', items, start, end: items.at(-1)?.end ?? start };
  }

  #isItem(line: Line): boolean {
    return this.#text[line.start] === '-' && (line.end === line.start + 1 || this.#text[line.start + 1] === ' ');
  }
}

function contentLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let begin = 0; begin < text.length; ) {
    const lineBreak = text.indexOf('\n', begin);
    const end = lineBreak < 0 ? text.length : lineBreak;
    let start = begin;
    while (start < end && text.charCodeAt(start) === 32) start++;
    if (start < end && text[start] !== '#') lines.push({ start, end, indent: start - begin });
    begin = end + 1;
  }
  return lines;
}
