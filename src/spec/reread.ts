/**
 * Reads a text of which most was read before.
 *
 * YAML is read from the front to the back. Where an entry of a block begins, whoever reads it has nothing open but that block:
 * what stands between two such places can be read by itself.
 */
import { TextPosition } from './text-position.ts';
import type { Entry, MapTree, Stretch, Tree } from './tree.ts';
import { readYaml } from './yaml.ts';

/** A text, and what it says. Nothing in it was reported. */
export interface ReadText {
  readonly text: string;
  readonly root: Tree;
}

/** A longer text may have more words and marks than are read, which are not counted here. Characters. */
const LONGEST = 200_000;

/** Marks of documents, which would end the block from within, and what indents without a width. */
const OUT_OF_THE_BLOCK = /^(?:---|\.\.\.|%)|[\t\ufeff]/m;

/** Stands for the key of the block. */
const HEAD = 'x:\n';

/**
 * What `readYaml` makes of a text, where it differs from one read before only within entries of one block below a key of the root:
 * a machine more, a rule changed. Undefined in all other cases, and where there is something to report.
 */
export function reread({ text: old, root }: ReadText, text: string): MapTree | undefined {
  if (root.kind !== 'map' || text.length > LONGEST) return undefined;
  const change = changeOf(old, text);
  const block = blockAround(old, root, change);
  if (block === undefined) return undefined;
  const { name, section, first, end } = block;
  const shift = text.length - old.length;
  const window = text.slice(first, end + shift);
  if (OUT_OF_THE_BLOCK.test(window) || (end < old.length && !window.endsWith('\n'))) return undefined;
  const read = readBlock(window);
  if (read === undefined) return undefined;

  const children = new Map<string, Entry>();
  const add = (entries: Iterable<readonly [string, Entry]>, by: number): boolean => {
    for (const [key, entry] of entries) {
      if (children.has(key)) return false;
      children.set(key, by === 0 ? entry : movedEntry(entry, by));
    }
    return true;
  };
  const before = [...section.entries].filter(([, { key }]) => key.start < first);
  const after = [...section.entries].filter(([, { key }]) => key.start >= end);
  if (!add(before, 0) || !add(read.entries, first - HEAD.length) || !add(after, shift)) return undefined;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of root.entries) {
    if (key === name) entries.set(key, { ...entry, value: { ...section, entries: children, end: lastEnd(children) } });
    else entries.set(key, entry.key.start >= end ? movedEntry(entry, shift) : entry);
  }
  return { ...root, entries, end: lastEnd(entries) };
}

/** The part of the old text that is not in the new one, or that something new is put at. */
function changeOf(old: string, text: string): Stretch {
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let same = 0;
  while (same < most - start && old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)) same++;
  return { start, end: old.length - same };
}

interface Block {
  /** The key above it. */
  readonly name: string;
  readonly section: MapTree;
  /** Where the line of the first of its entries begins that may be another now. */
  readonly first: number;
  /** Where the line after the last of them begins. */
  readonly end: number;
}

/** The least of a block's entries that a change lies in. The first of them keeps its key, so that the block is as deep as before. */
function blockAround(text: string, root: MapTree, change: Stretch): Block | undefined {
  const sections = inOrder(root);
  const index = sections.findLastIndex(([, { key }]) => key.end < change.start);
  const [name, { value: section } = {}] = sections[index] ?? [];
  if (name === undefined || section?.kind !== 'map' || text[section.start] === '{') return undefined;
  const another = sections[index + 1]?.[1].key;
  if (another !== undefined && lineOf(text, another.start) < change.end) return undefined;
  const following = [...inOrder(section).map(([, { key }]) => key), ...(another === undefined ? [] : [another])];
  // With its colon, and the space or line break that makes it one.
  const first = following.findLast(({ end }) => end + 2 <= change.start);
  const next = following.find(({ start }) => lineOf(text, start) >= change.end && start > (first?.start ?? 0));
  if (first === undefined || first.start < section.start || first.start > section.end) return undefined;
  const end = next === undefined ? text.length : lineOf(text, next.start);
  const begins = lineOf(text, first.start);
  // A key that shares its line with something else begins no line of the block.
  const alone = [first, ...(next === undefined ? [] : [next])].every((key) => text.slice(lineOf(text, key.start), key.start).trim() === '');
  return alone && end >= change.end ? { name, section, first: begins, end } : undefined;
}

/** An object may have put keys that look like numbers before the others. */
const inOrder = ({ entries }: MapTree): readonly (readonly [string, Entry])[] =>
  [...entries].sort(([, one], [, other]) => one.key.start - other.key.start);

const lineOf = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

function readBlock(window: string): MapTree | undefined {
  const text = HEAD + window;
  const { root, diagnostics } = readYaml(text, new TextPosition('', text));
  if (diagnostics.length > 0 || root?.kind !== 'map' || root.entries.size !== 1) return undefined;
  const block = root.entries.get('x')?.value;
  return block?.kind === 'map' ? block : undefined;
}

const lastEnd = (entries: ReadonlyMap<string, Entry>): number => Math.max(...[...entries.values()].map(({ value }) => value.end));

const movedEntry = ({ key, value }: Entry, by: number): Entry => ({ key: movedStretch(key, by), value: moved(value, by) });

const movedStretch = ({ start, end }: Stretch, by: number): Stretch => ({ start: start + by, end: end + by });

function moved(tree: Tree, by: number): Tree {
  const stretch = movedStretch(tree, by);
  switch (tree.kind) {
    case 'scalar':
    case 'unreadable':
      return { ...tree, ...stretch };
    case 'list':
      return { ...tree, ...stretch, items: tree.items.map((item) => moved(item, by)) };
    case 'map':
      return { ...tree, ...stretch, entries: new Map([...tree.entries].map(([key, entry]) => [key, movedEntry(entry, by)])) };
  }
}
