/**
 * Tables of nftables that are ours as a whole.
 *
 * The kernel gives rules back in words other than those they were written in. What it said right after a table was
 * loaded is kept in the state directory: as long as it says the same, the table is as it was written. A table is noted
 * before it is loaded, so that one is found whose maker was killed.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../../collection/group-by.ts';
import type { Backend, Making, Observed, Taken, Wanted } from '../../plan/backend.ts';
import { identityOf } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import type { Table } from '../../resource/table.ts';
import { bottleDirectory, type Home } from '../home.ts';
import { namespacesOf } from '../kernel/namespaces.ts';
import { enter, type Site } from '../kernel/visit.ts';
import { nft } from './libnftables.ts';
import { tableText } from './print-table.ts';

interface Loaded {
  readonly table: Table;
  readonly listing: string;
}

export function nftablesBackend(home: Home): Backend {
  const siteOf = (bottle: string): Site => ({ home, bottle });
  return {
    name: 'nftables',
    kinds: new Set(['table'] as const),
    read: async (bottle, wanted) => read(siteOf(bottle), wanted),
    remove: async (bottle, resources) =>
      remove(
        siteOf(bottle),
        resources.filter((resource) => resource.kind === 'table'),
      ),
    make: async (bottle, makings) => make(siteOf(bottle), makings),
  };
}

const fileOf = ({ home, bottle }: Site): string => join(bottleDirectory(home, bottle), 'tables.json');

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isLoaded = (note: unknown): note is Loaded =>
  isObject(note) &&
  'listing' in note &&
  typeof note.listing === 'string' &&
  'table' in note &&
  isObject(note.table) &&
  'chains' in note.table;

/** Undefined where the notes are damaged. */
function load(site: Site): readonly Loaded[] | undefined {
  try {
    const notes = JSON.parse(readFileSync(fileOf(site), 'utf8')) as unknown;
    return Array.isArray(notes) && notes.every(isLoaded) ? notes : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function save(site: Site, loaded: readonly Loaded[]): void {
  if (loaded.length === 0) {
    rmSync(fileOf(site), { force: true });
    return;
  }
  mkdirSync(bottleDirectory(site.home, site.bottle), { recursive: true });
  // Under another name first: a reader finds the old notes whole, or the new ones.
  writeFileSync(`${fileOf(site)}.new`, JSON.stringify(loaded), { mode: 0o600 });
  renameSync(`${fileOf(site)}.new`, fileOf(site));
}

const markOf = ({ bottle }: Site): string => `comment "netbottle:${bottle}"`;

const listing = ({ family, name }: Table): string | undefined => {
  const names = nft('list tables').split('\n');
  return names.includes(`table ${family} ${name}`) ? nft(`list table ${family} ${name}`) : undefined;
};

/** All tables of the host that bear the bottle's mark; for when there are no notes to tell where to look. */
function marked(site: Site): readonly Table[] {
  return nft('list tables')
    .split('\n')
    .flatMap((line): readonly Table[] => {
      const [, family, name] = /^table (inet|ip|ip6|bridge) (\S+)$/.exec(line) ?? [];
      if (family === undefined || name === undefined) return [];
      const table: Table = { kind: 'table', origin: [], namespace: HOST, family: family as Table['family'], name, chains: [], sets: [] };
      return listing(table)?.includes(markOf(site)) === true ? [table] : [];
    });
}

/** Looks only where tables are wanted or were loaded, and needs no nftables where there are none. */
function read(site: Site, wanted: Wanted): Observed {
  const notes = load(site);
  const loaded = new Map((notes ?? []).map((entry) => [identityOf(entry.table), entry]));
  const places = [
    ...(notes === undefined ? marked(site) : []),
    ...[...loaded.values()].map(({ table }) => table),
    ...wanted.filter((resource) => resource.kind === 'table'),
  ];
  const tables = new Map(places.map((table) => [identityOf(table), table]));
  if (tables.size === 0) return { resources: [], taken: [] };
  const there = new Set(namespacesOf(site));
  const resources: Table[] = [];
  const taken: Taken[] = [];
  for (const [identity, table] of tables) {
    if (table.namespace !== HOST && !there.has(table.namespace)) continue;
    const text = enter(site, table.namespace, () => listing(table));
    if (text === undefined) continue;
    const known = loaded.get(identity);
    if (!text.includes(markOf(site))) taken.push({ key: identity, by: 'an nftables table that Netbottle did not make' });
    else resources.push(known?.listing === text ? { ...known.table, origin: [] } : { ...table, origin: [], chains: [], sets: [] });
  }
  return { resources, taken };
}

/** One transaction a namespace. A table is exchanged whole: no packet sees it half loaded. */
function make(site: Site, makings: readonly Making[]): void {
  const tables = makings.flatMap(({ after }) => (after.kind === 'table' ? [after] : []));
  note(
    site,
    tables.map((table) => ({ table, listing: '' })),
  );
  for (const [namespace, group] of groupBy(tables, (table) => table.namespace)) {
    const listings = enter(site, namespace, () => {
      nft(group.map((table) => exchange(site, table)).join('\n'));
      return group.map((table) => ({ table, listing: listing(table) ?? '' }));
    });
    note(site, listings);
  }
}

function note(site: Site, entries: readonly Loaded[]): void {
  const fresh = new Set(entries.map(({ table }) => identityOf(table)));
  save(site, [...(load(site) ?? []).filter(({ table }) => !fresh.has(identityOf(table))), ...entries]);
}

// Adding first makes deleting safe where there is none yet; the kernel sees the end of the transaction only.
const exchange = ({ bottle }: Site, table: Table): string =>
  `add table ${table.family} ${table.name}\ndelete table ${table.family} ${table.name}\n${tableText(table, `netbottle:${bottle}`)}`;

function remove(site: Site, tables: readonly Table[]): void {
  for (const [namespace, group] of groupBy(tables, (table) => table.namespace)) {
    enter(site, namespace, () =>
      nft(group.map(({ family, name }) => `add table ${family} ${name}\ndelete table ${family} ${name}`).join('\n')),
    );
  }
  const gone = new Set(tables.map(identityOf));
  save(
    site,
    (load(site) ?? []).filter(({ table }) => !gone.has(identityOf(table))),
  );
}
