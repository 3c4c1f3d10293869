import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inExtent } from './ours.ts';
import { isGone } from './processes.ts';
import type { Extent, Item, Items } from './snapshot.ts';

/** The state directories of root and of others, which may stay. */
const state = /^\/(run\/netbottle|tmp\/netbottle-\d+|run\/user\/\d+\/netbottle)(\/|$)/;

/** What other tools leave when they only look. */
const byproduct = /^\/run\/(xtables\.lock|mount(\/.*)?)$/;

interface Tree {
  readonly root: string;
  /** Whether size and time of change are compared, or only names. */
  readonly contents: boolean;
  /** On a machine of many, which names count. */
  readonly extent: Extent;
}

export function readFiles(extent: Extent): Items {
  const trees: readonly Tree[] = [
    { root: '/etc', contents: true, extent: 'all' },
    { root: '/run', contents: false, extent },
    { root: '/tmp', contents: false, extent },
    { root: '/var/lib', contents: false, extent: 'ours' },
  ];
  return Object.assign({}, ...trees.map(readTree)) as Items;
}

function readTree({ root, contents, extent }: Tree): Items {
  const items: Record<string, Item> = {};
  const device = lstatSync(root).dev;
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of entries(directory)) {
      const path = join(directory, entry);
      if (state.test(path) || byproduct.test(path)) continue;
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined) continue;
      if (inExtent(extent, path))
        items[path] = contents ? { mode: stat.mode.toString(8), size: String(stat.size), changed: stat.mtime.toISOString() } : {};
      // What is mounted inside belongs to the mounts.
      if (stat.isDirectory() && stat.dev === device) pending.push(path);
    }
  }
  return items;
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isGone(error) || (error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw error;
  }
}
