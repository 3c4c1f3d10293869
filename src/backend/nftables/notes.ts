/**
 * What was loaded last, and in which generation of a namespace's rules that was. A cache: a listing of very many elements
 * takes seconds, and as long as nobody has changed anything there is nothing new to be read in it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../../resource/kinds.ts';
import type { Table } from '../../resource/table.ts';
import { bottleDirectory } from '../home.ts';
import type { Site } from '../kernel/visit.ts';
import type { Generation } from './generation.ts';
import { isObject } from './json.ts';

export interface Note {
  readonly generation: Generation;
  /** By the tables' identities. */
  readonly digests: Readonly<Record<string, string>>;
}

/** By namespace. */
export type Notes = ReadonlyMap<string, Note>;

interface File {
  /** Cookies begin anew when the host does. */
  readonly boot: string;
  readonly namespaces: Readonly<Record<string, Note>>;
}

const pathOf = ({ home, bottle }: Site): string => join(bottleDirectory(home, bottle), 'tables.json');

const bootOf = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Nothing of what cannot be understood: the kernel is asked then. */
export function readNotes(site: Site): Notes {
  const path = pathOf(site);
  if (!existsSync(path)) return new Map();
  const file = parsed(readFileSync(path, 'utf8'));
  if (!isObject(file) || file['boot'] !== bootOf() || !isObject(file['namespaces'])) return new Map();
  return new Map(Object.entries(file['namespaces']).filter((entry): entry is [string, Note] => isNote(entry[1])));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isNote = (value: unknown): value is Note => isObject(value) && isObject(value['generation']) && isObject(value['digests']);

export function writeNotes(site: Site, notes: Notes): void {
  const file: File = { boot: bootOf(), namespaces: Object.fromEntries(notes) };
  mkdirSync(bottleDirectory(site.home, site.bottle), { recursive: true, mode: 0o755 });
  writeFileSync(`${pathOf(site)}.new`, JSON.stringify(file), { mode: 0o600 });
  renameSync(`${pathOf(site)}.new`, pathOf(site));
}

const known = new WeakMap<Table, string>();

/** Of what is in it, wherever in the file it comes from. */
function digestOf(table: Table): string {
  const found = known.get(table);
  if (found !== undefined) return found;
  const hash = createHash('sha256').update(JSON.stringify(table.chains));
  for (const set of table.sets) hash.update(JSON.stringify(set));
  const digest = hash.digest('base64');
  known.set(table, digest);
  return digest;
}

export const noteOf = (generation: Generation, tables: readonly Table[], others: Note['digests'] = {}): Note => ({
  generation,
  digests: { ...others, ...Object.fromEntries(tables.map((table) => [identityOf(table), digestOf(table)])) },
});

/** The one of these tables that is noted; undefined if none is. */
export function noted({ digests }: Note, candidates: readonly Table[]): Table | undefined {
  return candidates.find((table) => digests[identityOf(table)] === digestOf(table));
}
