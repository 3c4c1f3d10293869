import { type Document, isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { reservedKey } from './reserved-key.ts';
import type { TextPosition } from './text-position.ts';
import type { Entry, MapTree, Stretch, Tree, UnreadableTree } from './tree.ts';

export interface YamlContent {
  /** Undefined when the text cannot be understood as YAML. */
  readonly root: Tree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Uses of an anchor that are shown. */
const maxUses = 3;

/** Takes from a YAML document what a bottle file may hold, and reports the rest. */
export function documentTree(document: Document.Parsed, text: string, position: TextPosition): YamlContent {
  const reader = new TreeReader(text, position);
  return reader.read(document.contents);
}

class TreeReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #position: TextPosition;
  readonly #anchors = new Map<string, Stretch>();
  readonly #uses = new Map<string, Stretch[]>();

  constructor(text: string, position: TextPosition) {
    this.#text = text;
    this.#position = position;
  }

  read(root: Node | null): YamlContent {
    const tree = this.tree(root, 0);
    this.#reportAliases();
    return { root: tree, diagnostics: this.diagnostics };
  }

  /** @param after - the offset where a value that is not written would stand */
  tree(node: Node | null | undefined, after: number): Tree {
    if (!node) return { kind: 'scalar', value: null, start: after, end: after };
    const start = node.range?.[0] ?? after;
    const end = this.#trimmedEnd(start, node.range?.[1] ?? start);
    if (isAlias(node)) return this.#alias(node.source, start, end);
    if (node.anchor !== undefined) this.#anchor(node.anchor, start);
    if (node.tag !== undefined) return this.#tagged(node.tag, start, end);
    if (isMap(node)) return this.#map(node, start, end);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#item(item as Node | null, start));
      return { kind: 'list', items, start, end: node.flow ? end : (items.at(-1)?.end ?? end) };
    }
    return this.#scalar(node, start, end);
  }

  #scalar(node: Node, start: number, end: number): Tree {
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'scalar', value, start, end };
    }
    return this.#unreadable('yaml-syntax', 'this value cannot be read', 'Put it in quotes to make it text.', start, end);
  }

  #map(node: YAMLMap, start: number, end: number): MapTree | UnreadableTree {
    const entries = new Map<string, Entry>();
    let last: Entry | undefined;
    const repeated: [string, Tree][] = [];
    let incomplete = false;
    for (const item of node.items) {
      const key = this.#key(item.key as Node | null, start);
      if (key === undefined) {
        incomplete = true;
        continue;
      }
      const first = entries.get(key.text);
      if (first) {
        this.#duplicate(key, first);
        repeated.push([key.text, this.tree(item.value as Node | null, key.end)]);
        continue;
      }
      const value = this.tree(item.value as Node | null, key.end);
      const nothing = value.kind === 'scalar' && value.start === value.end;
      last = {
        key: { start: key.start, end: key.end },
        value: nothing ? { ...value, start: key.end, end: key.end } : value,
      };
      entries.set(key.text, last);
    }
    if (incomplete && entries.size === 0) return { kind: 'unreadable', start, end };
    // What the library counts to a block collection goes on into comments.
    return { kind: 'map', entries, incomplete, repeated, start, end: node.flow ? end : (last?.value.end ?? end) };
  }

  // An entry with nothing in it is shown by its dash.
  #item(node: Node | null, after: number): Tree {
    const item = this.tree(node, after);
    if (item.kind !== 'scalar' || item.start < item.end) return item;
    const dash = Math.max(this.#text.lastIndexOf('-', item.start), 0);
    return { ...item, start: dash, end: dash + 1 };
  }

  #alias(name: string, start: number, end: number): UnreadableTree {
    const uses = this.#uses.get(name) ?? [];
    this.#uses.set(name, uses);
    uses.push({ start, end });
    return { kind: 'unreadable', start, end };
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
      if (this.#text.startsWith('{{', start - 1)) {
        const remedy = 'Fill in the template first, or make the file with TypeScript (bottle.ts).';
        this.#report('yaml-key', '`{{ }}` is not filled in: to YAML it is a map inside a map', remedy, start - 1, end + 1);
        return undefined;
      }
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
    if (!this.#anchors.has(name)) this.#anchors.set(name, { start, end: start + name.length + 1 });
  }

  // An anchor is reported with its uses: what is wrong is to have it at all.
  #reportAliases(): void {
    for (const [name, anchor] of this.#anchors) {
      const uses = (this.#uses.get(name) ?? []).slice(0, maxUses);
      const message = `\`&${name}\` is a YAML anchor; bottle files have none`;
      const remedy = 'Write out what it stands for wherever it is used, or make the file with TypeScript (bottle.ts) to say things once.';
      const related = uses.map((use) => ({ message: 'used here', place: this.#position.place(use.start, use.end) }));
      const place = this.#position.place(anchor.start, anchor.end);
      this.diagnostics.push({ code: 'yaml-alias', severity: 'error', message, remedy, place, ...(related.length > 0 && { related }) });
    }
    for (const [name, [use]] of this.#uses) {
      if (use === undefined || this.#anchors.has(name)) continue;
      const message = `\`*${name}\` is a YAML alias; bottle files have none`;
      this.#report('yaml-alias', message, 'If it is meant as text, put it in quotes.', use.start, use.end);
    }
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
