import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { reservedKey } from './reserved-key.ts';
import type { TextPosition } from './text-position.ts';
import type { Entry, MapTree, Tree, UnreadableTree } from './tree.ts';
import type { YamlContent } from './yaml.ts';

/** Takes from a YAML document what a bottle file may hold, and reports the rest. */
export function documentTree(document: Document.Parsed, text: string, position: TextPosition): YamlContent {
  const reader = new TreeReader(text, position);
  return { root: reader.tree(document.contents, 0), diagnostics: reader.diagnostics };
}

class TreeReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #position: TextPosition;

  constructor(text: string, position: TextPosition) {
    this.#text = text;
    this.#position = position;
  }

  /** @param after - the offset where a value that is not written would stand */
  tree(node: Node | null | undefined, after: number): Tree {
    if (!node) return { kind: 'scalar', value: null, start: after, end: after };
    const start = node.range?.[0] ?? after;
    const end = this.#trimmedEnd(start, node.range?.[1] ?? start);
    if (isAlias(node)) {
      const name = node.source;
      const remedy = `Write out what \`${name}\` stands for, or make the file with TypeScript (bottle.ts) to say things once.`;
      return this.#unreadable('yaml-alias', `\`*${name}\` is a YAML alias; bottle files have none`, remedy, start, end);
    }
    if (node.anchor !== undefined) this.#anchor(node.anchor, start);
    if (node.tag !== undefined) return this.#tagged(node.tag, start, end);
    if (isMap(node)) return this.#map(node.items, start, end);
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.tree(item as Node | null, start)), start, end };
    return this.#scalar(node, start, end);
  }

  #scalar(node: Node, start: number, end: number): Tree {
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'scalar', value, start, end };
    }
    return this.#unreadable('yaml-syntax', 'this value cannot be read', 'Put it in quotes to make it text.', start, end);
  }

  #map(items: readonly Pair[], start: number, end: number): MapTree {
    const entries = new Map<string, Entry>();
    for (const item of items) {
      const key = this.#key(item.key as Node | null, start);
      if (key === undefined) continue;
      const first = entries.get(key.text);
      if (first) {
        this.#duplicate(key, first);
        continue;
      }
      entries.set(key.text, { key, value: this.tree(item.value as Node | null, key.end) });
    }
    return { kind: 'map', entries, start, end };
  }

  /** The text of a key, also where YAML would read it as a number or a truth value. */
  #key(node: Node | null, after: number): { readonly text: string; readonly start: number; readonly end: number } | undefined {
    const start = node?.range?.[0] ?? after;
    const end = node?.range?.[1] ?? start;
    if (isAlias(node)) {
      this.tree(node, start);
      return undefined;
    }
    if (!isScalar(node) || node.source === undefined || start === end) {
      const what = isScalar(node) || node === null ? 'there is no name before this `:`' : 'a list or a map cannot be a key';
      const remedy = node && !isScalar(node) ? 'Put the key in quotes if it is meant as text.' : undefined;
      this.#report('yaml-key', what, remedy, start, Math.max(end, start + 1));
      return undefined;
    }
    if (node.anchor !== undefined) this.#anchor(node.anchor, start);
    const text = typeof node.value === 'string' ? node.value : node.source;
    if (text === '<<' && node.type === Scalar.PLAIN) {
      this.#report(
        'yaml-merge',
        '`<<` is a YAML merge key; bottle files have none',
        'Write the keys out, or make the file with TypeScript (bottle.ts).',
        start,
        end,
      );
      return undefined;
    }
    const reserved = reservedKey(text);
    if (reserved) {
      this.#report('reserved-key', reserved.message, reserved.remedy, start, end);
      return undefined;
    }
    return { text, start, end };
  }

  #duplicate(key: { readonly text: string; readonly start: number; readonly end: number }, first: Entry): void {
    this.diagnostics.push({
      code: 'duplicate-key',
      severity: 'error',
      message: `\`${key.text}\` is there twice`,
      remedy: 'Remove one of them, or give it another name.',
      place: this.#position.place(key.start, key.end),
      related: [{ message: 'the first is here', place: this.#position.place(first.key.start, first.key.end) }],
    });
  }

  #anchor(name: string, before: number): void {
    const at = this.#text.lastIndexOf(`&${name}`, before);
    const start = at < 0 ? before : at;
    const remedy = 'Remove it. To say things once, make the file with TypeScript (bottle.ts).';
    this.#report('yaml-alias', `\`&${name}\` is a YAML anchor; bottle files have none`, remedy, start, start + name.length + 1);
  }

  #tagged(tag: string, start: number, end: number): UnreadableTree {
    const short = tag.replace('tag:yaml.org,2002:', '!!');
    const before = this.#text.slice(Math.max(0, start - 200), start);
    const back = /!\S*\s*(&\S+\s*)?$/.exec(before)?.[0].length ?? 0;
    const message = `\`${short}\` is a YAML tag; bottle files have none`;
    return this.#unreadable('yaml-tag', message, 'Remove it; put the value in quotes if it is meant as text.', start - back, end);
  }

  #unreadable(code: Diagnostic['code'], message: string, remedy: string, start: number, end: number): UnreadableTree {
    this.#report(code, message, remedy, start, end);
    return { kind: 'unreadable', start, end };
  }

  #report(code: Diagnostic['code'], message: string, remedy: string | undefined, start: number, end: number): void {
    const place = this.#position.place(start, Math.max(end, start + 1));
    this.diagnostics.push({ code, severity: 'error', message, ...(remedy && { remedy }), place });
  }

  #trimmedEnd(start: number, end: number): number {
    let at = end;
    while (at > start && /\s/.test(this.#text[at - 1] ?? '')) at--;
    return at;
  }
}
