import type { Origin } from '../diagnostic/diagnostic.ts';
import { type Lost, lost } from './lost.ts';
import { plain, type Tree } from './tree.ts';

/** What of a file could be read, as plain data. */
export interface Readable {
  readonly value: unknown;
  readonly lost: readonly Lost[];
}

/** Parts have their names two keys deep: `networks`, `dmz`. What cannot be read above that may hold any of them. */
const NAMED = 2;

/** The plain data of a tree without what was reported while it was read. */
export function readable(root: Tree): Readable {
  const left: Lost[] = [];
  return { value: read(root, [], left), lost: left };
}

function read(tree: Tree, origin: Origin, left: Lost[]): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'unreadable':
      left.push(unknown(origin, origin.length));
      return undefined;
    case 'list': {
      const items = tree.items.map((item, index) => read(item, [...origin, index], left));
      // A list that lacks some of its entries says something else.
      return items.includes(undefined) ? undefined : items;
    }
    case 'map': {
      if (tree.incomplete) left.push(unknown([...origin, '<<'], origin.length));
      for (const [key, again] of tree.repeated) left.push(lost([...origin, key], plain(again)));
      const object: Record<string, unknown> = {};
      for (const [key, entry] of tree.entries) {
        const value = read(entry.value, [...origin, key], left);
        if (value !== undefined) object[key] = value;
      }
      return object;
    }
  }
}

/** @param depth - how many keys lead to it */
function unknown(origin: Origin, depth: number): Lost {
  return { origin, words: depth < NAMED ? undefined : origin.slice(-1).map(String), holds: 'settings' };
}
