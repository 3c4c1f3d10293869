/**
 * Tables of nftables that are ours as a whole: `netbottle:BOTTLE` in a table's comment says whose it is.
 *
 * What the kernel says of them is read in the words in which they are written, so what differs is known rule by rule,
 * and a change touches nothing else.
 */

import { existsSync } from 'node:fs';
import { groupBy } from '../../collection/group-by.ts';
import type { Backend, Making, Observed, Taken, Wanted } from '../../plan/backend.ts';
import { identityOf } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import type { Table } from '../../resource/table.ts';
import { type Home, journalPath } from '../home.ts';
import { namespacesOf } from '../kernel/namespaces.ts';
import { eachInTurn, enter, type Site } from '../kernel/visit.ts';
import { follows, generationHere, isSame } from './generation.ts';
import { NftError, nft } from './libnftables.ts';
import { readTable } from './listing.ts';
import { tablesHere } from './marks.ts';
import { type Note, noted, noteOf, readNotes, writeNotes } from './notes.ts';
import { exchange, removal, transition } from './transaction.ts';

export function nftablesBackend(home: Home): Backend {
  const siteOf = (bottle: string): Site => ({ home, bottle });
  return {
    name: 'nftables',
    kinds: new Set(['table'] as const),
    read: async (bottle, wanted, within) => read(siteOf(bottle), wanted, within),
    remove: async (bottle, resources) =>
      remove(
        siteOf(bottle),
        resources.filter((resource) => resource.kind === 'table'),
      ),
    make: async (bottle, makings) => make(siteOf(bottle), makings),
  };
}

const markOf = ({ bottle }: Site): string => `netbottle:${bottle}`;

/** What is wanted includes what was there before, so tables are nowhere else; but a command that was killed may have left some anywhere. */
function placesOf(site: Site, tables: readonly Table[]): readonly string[] {
  const likely = new Set(tables.map(({ namespace }) => namespace));
  const unknown = existsSync(journalPath(site.home, site.bottle));
  // Who is not root here has made none here: theirs are in user namespaces, in which they are root.
  const host = process.getuid?.() === 0 ? [HOST] : [];
  if (!unknown && likely.size === 0) return host;
  return [...host, ...namespacesOf(site).filter((namespace) => unknown || likely.has(namespace))];
}

async function read(site: Site, wanted: Wanted, within?: ReadonlySet<string>): Promise<Observed> {
  const tables = wanted.filter((resource) => resource.kind === 'table');
  const wantedBy = groupBy(tables, identityOf);
  const notes = readNotes(site);
  const resources: Table[] = [];
  const taken: Taken[] = [];
  const places = placesOf(site, tables).filter((namespace) => within?.has(namespace) !== false);
  await eachInTurn(places, (namespace) =>
    enter(site, namespace, () => {
      const note = validHere(notes.get(namespace));
      for (const { family, name, comment } of tablesHere()) {
        const empty: Table = { kind: 'table', origin: [], namespace, family, name, chains: [], sets: [] };
        const identity = identityOf(empty);
        const candidates = wantedBy.get(identity) ?? [];
        if (comment === markOf(site)) resources.push((note && noted(note, candidates)) ?? { ...empty, ...readTable(family, name) });
        else if (candidates.length > 0) taken.push({ key: identity, by: 'an nftables table that Netbottle did not make' });
      }
    }),
  );
  return { resources, taken };
}

/** Nothing if the rules of the namespace that the thread is in have been changed since. */
function validHere(note: Note | undefined): Note | undefined {
  const generation = note && generationHere();
  return note !== undefined && generation !== undefined && isSame(note.generation, generation) ? note : undefined;
}

/** One transaction a namespace: no packet sees it half done. */
async function make(site: Site, makings: readonly Making[]): Promise<void> {
  const changes = makings.flatMap(({ before, after }) =>
    after.kind === 'table' ? [{ before: before?.kind === 'table' ? before : undefined, after }] : [],
  );
  const notes = new Map(readNotes(site));
  await eachInTurn(
    groupBy(changes, ({ after }) => after.namespace),
    ([namespace, group]) =>
      enter(site, namespace, () => {
        const others = validHere(notes.get(namespace));
        const before = generationHere();
        const whole = group.map(({ after }) => exchange(after, markOf(site))).join('\n');
        const parts = group.map(
          ({ before, after }) => (before === undefined ? undefined : transition(before, after)) ?? exchange(after, markOf(site)),
        );
        try {
          nft(parts.join('\n'));
        } catch (error) {
          if (!(error instanceof NftError)) throw error;
          // Somebody may have changed it since it was read. A table that is loaded anew depends on nothing.
          nft(whole);
        }
        const after = generationHere();
        const tables = group.map((change) => change.after);
        // Between the two, somebody else may have changed something.
        if (before !== undefined && after !== undefined && follows(after, before))
          notes.set(namespace, noteOf(after, tables, others?.digests));
      }),
  );
  writeNotes(site, notes);
}

async function remove(site: Site, tables: readonly Table[]): Promise<void> {
  await eachInTurn(
    groupBy(tables, (table) => table.namespace),
    ([namespace, group]) => enter(site, namespace, () => nft(group.map(removal).join('\n'))),
  );
}
