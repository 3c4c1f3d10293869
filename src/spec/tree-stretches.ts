import type { Entry, Tree } from './tree.ts';

/**
 * Where all parts of a tree stand, as numbers: with its plain data they make the tree again, and take far less room.
 *
 * @param tree - one in which nothing was reported
 */
export function stretchesOf(tree: Tree): readonly number[] {
  const numbers: number[] = [];
  write(tree, numbers);
  return numbers;
}

function write(tree: Tree, numbers: number[]): void {
  numbers.push(tree.start, tree.end);
  if (tree.kind === 'list') for (const item of tree.items) write(item, numbers);
  if (tree.kind !== 'map') return;
  // An object does not keep the order of keys that look like numbers.
  for (const name of Object.keys(Object.fromEntries(tree.entries))) {
    const entry = tree.entries.get(name);
    if (entry === undefined) continue;
    numbers.push(entry.key.start, entry.key.end);
    write(entry.value, numbers);
  }
}

/** The tree of plain data whose parts stand there. */
export function treeOf(value: unknown, stretches: readonly number[]): Tree {
  let next = 0;
  const take = (): number => stretches[next++] ?? 0;
  const read = (part: unknown): Tree => {
    const stretch = { start: take(), end: take() };
    if (Array.isArray(part)) return { kind: 'list', ...stretch, items: part.map(read) };
    if (typeof part !== 'object' || part === null) return { kind: 'scalar', ...stretch, value: part as string | number | boolean | null };
    const entries = new Map<string, Entry>();
    for (const [name, inner] of Object.entries(part)) entries.set(name, { key: { start: take(), end: take() }, value: read(inner) });
    return { kind: 'map', ...stretch, entries, incomplete: false, repeated: [] };
  };
  return read(value);
}
