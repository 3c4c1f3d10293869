import { reservedKey } from './reserved-key.ts';
import type { Entry, ListTree, MapTree, ScalarTree, Tree } from './tree.ts';

/** Thrown at whatever the quick reader does not know for certain. */
export class Unsure extends Error {}

interface Key {
  readonly start: number;
  readonly end: number;
  /** Offset after the colon. */
  readonly after: number;
}

/** Collections inside one another. */
const maxDepth = 10;

// Words that YAML 1.2 takes for something else than text.
const special = /^(?:null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;
const integer = /^(?:0|[1-9][0-9]{0,14})$/;
const almostNumber = /^[-+.]|^0[ox]|^[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/;

/** Reads what stands on one line: keys, plain and quoted text, and flow collections. */
export class QuickFlow {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpaces(from: number, end: number): number {
    let at = from;
    while (at < end && this.#text.charCodeAt(at) === 32) at++;
    return at;
  }

  /** The key at `start` and its colon. */
  key(start: number, end: number): Key {
    const stop = this.#plainEnd(start, end, false);
    if (this.#text[stop] !== ':' || stop >= end || stop - start > 500) throw new Unsure();
    if (this.#text[stop - 1] === ' ') throw new Unsure();
    return { start, end: stop, after: stop + 1 };
  }

  /** A value that takes the rest of its line; a comment may follow. */
  whole(start: number, end: number): Tree {
    const first = this.#text[start] ?? '';
    if (first === '[' || first === '{' || first === '"' || first === "'") {
      const value = this.#inFlow(start, end, 0);
      const rest = this.skipSpaces(value.end, end);
      if (rest < end && (this.#text[rest] !== '#' || rest === value.end)) throw new Unsure();
      return value;
    }
    const stop = this.#plainEnd(start, end, false);
    if (stop < end && this.#text[stop] !== '#') throw new Unsure();
    return this.#plain(start, stop);
  }

  #inFlow(start: number, end: number, depth: number): Tree {
    if (depth > maxDepth) throw new Unsure();
    const first = this.#text[start];
    if (first === '{') return this.#map(start, end, depth);
    if (first === '[') return this.#list(start, end, depth);
    if (first === '"' || first === "'") return this.#quoted(start, end, first);
    return this.#plain(start, this.#plainEnd(start, end, true));
  }

  #map(start: number, end: number, depth: number): MapTree {
    const entries = new Map<string, Entry>();
    let at = this.skipSpaces(start + 1, end);
    while (this.#text[at] !== '}' || entries.size > 0) {
      const stop = this.#plainEnd(at, end, true);
      const name = this.#text.slice(at, stop);
      if (this.#text[stop] !== ':' || this.#text[stop - 1] === ' ' || entries.has(name) || reservedKey(name)) throw new Unsure();
      const value = this.#inFlow(this.skipSpaces(stop + 1, end), end, depth + 1);
      entries.set(name, { key: { start: at, end: stop }, value });
      at = this.skipSpaces(value.end, end);
      if (this.#text[at] === '}') break;
      if (this.#text[at] !== ',') throw new Unsure();
      at = this.skipSpaces(at + 1, end);
    }
    return { kind: 'map', entries, incomplete: false, start, end: this.#inside(at + 1, end) };
  }

  #list(start: number, end: number, depth: number): ListTree {
    const items: Tree[] = [];
    let at = this.skipSpaces(start + 1, end);
    while (this.#text[at] !== ']' || items.length > 0) {
      const item = this.#inFlow(at, end, depth + 1);
      items.push(item);
      at = this.skipSpaces(item.end, end);
      if (this.#text[at] === ']') break;
      if (this.#text[at] !== ',') throw new Unsure();
      at = this.skipSpaces(at + 1, end);
    }
    return { kind: 'list', items, start, end: this.#inside(at + 1, end) };
  }

  #quoted(start: number, end: number, quote: string): ScalarTree {
    const close = this.#text.indexOf(quote, start + 1);
    const after = this.#inside(close + 1, end);
    const value = this.#text.slice(start + 1, close);
    // Escapes, and what could be a key.
    if (close < 0 || value.includes('\\') || /[:'"]/.test(this.#text[this.skipSpaces(after, end)] ?? '')) throw new Unsure();
    return { kind: 'scalar', value, start, end: after };
  }

  #plain(start: number, stop: number): ScalarTree {
    let end = stop;
    while (end > start && this.#text.charCodeAt(end - 1) === 32) end--;
    const text = this.#text.slice(start, end);
    if (integer.test(text)) return { kind: 'scalar', value: Number(text), start, end };
    if (text === '' || special.test(text) || almostNumber.test(text)) throw new Unsure();
    return { kind: 'scalar', value: text, start, end };
  }

  /** Where a plain text ends: at a colon that ends a key, a comment, or in a flow collection at a comma or bracket. */
  #plainEnd(start: number, end: number, flow: boolean): number {
    const first = this.#text[start] ?? '';
    if (start >= end || !/[A-Za-z0-9_/]/.test(first)) throw new Unsure();
    for (let at = start; at < end; at++) {
      switch (this.#text.charCodeAt(at)) {
        case 58: // colon
          if (at + 1 === end || this.#text[at + 1] === ' ') return at;
          if (flow && /[,[\]{}]/.test(this.#text[at + 1] ?? '')) throw new Unsure();
          break;
        case 35: // #
          if (this.#text[at - 1] === ' ') return at;
          break;
        case 44: // comma
        case 91: // [
        case 93: // ]
        case 123: // {
        case 125: // }
          if (flow) return at;
          break;
        default:
      }
    }
    if (flow) throw new Unsure();
    return end;
  }

  #inside(at: number, end: number): number {
    if (at > end) throw new Unsure();
    return at;
  }
}
