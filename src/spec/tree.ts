/**
 * A file as read: values with the offsets where they stand. Independent of the YAML library, so that
 * its large document model can be let go as soon as the text is read.
 */
export type Tree = ScalarTree | MapTree | ListTree | UnreadableTree;

/** A part of a text. */
export interface Stretch {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

interface ScalarTree extends Stretch {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface MapTree extends Stretch {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  /** Something in it was reported, and what it stands for is not among the entries. */
  readonly incomplete: boolean;
  /** What was written again under a key that is there already; reported, and not among the entries. */
  readonly repeated: readonly (readonly [key: string, value: Tree])[];
}

interface ListTree extends Stretch {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

/** Something that has been reported already, and may stand for anything. */
export interface UnreadableTree extends Stretch {
  readonly kind: 'unreadable';
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Stretch;
  readonly value: Tree;
}

/**
 * Stands in plain data for what could not be read, and marks, as a key, an object that lacks some of what was written.
 * Whoever checks the data says no more about it.
 */
export const unreadable: unique symbol = Symbol('unreadable');

/** The plain data of a tree: objects, arrays, text, numbers, booleans and null. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'unreadable':
      return unreadable;
    case 'list':
      return tree.items.map(plain);
    case 'map': {
      const object: Record<string | symbol, unknown> = {};
      if (tree.incomplete) object[unreadable] = true;
      for (const [key, entry] of tree.entries) object[key] = plain(entry.value);
      return object;
    }
  }
}
