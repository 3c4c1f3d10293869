/** What has to change so that a host holds what is desired: desired against observed, both plain resources. */
import { groupBy } from '../collection/group-by.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Difference, Effect } from '../resource/kind.ts';
import { identityOf, kindOf, orderOf, type Resource } from '../resource/kinds.ts';
import type { Action, Change, Plan } from './plan.ts';

interface Entry {
  readonly identity: string;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly differences: readonly Difference[];
  action: Action | 'keep';
  reason: string;
  implied: boolean;
}

/** `earlier` is what was desired before, where that is known: it tells where in the file came from what is no longer desired. */
export function diff(bottle: string, desired: readonly Resource[], observed: readonly Resource[], earlier: readonly Resource[] = []): Plan {
  const entries = pair(desired, observed);
  spread(entries);
  imply(entries);
  const changes = entries.filter(({ action }) => action !== 'keep');
  const going = changes.filter(({ action }) => action === 'delete').reverse();
  const coming = changes.filter(({ action }) => action !== 'delete');
  const origins = new Map(going.length === 0 ? [] : earlier.map((resource) => [identityOf(resource), resource.origin]));
  return {
    bottle,
    changes: [...going, ...coming].map((entry) => changeOf(entry, origins)),
    unchanged: entries.length - changes.length,
  };
}

/** Everything desired and everything observed, in the order of making. */
function pair(desired: readonly Resource[], observed: readonly Resource[]): Entry[] {
  const there = new Map<string, Resource>();
  for (const resource of observed) there.set(identityOf(resource), resource);
  const entries: Entry[] = [];
  const wanted = new Set<string>();
  for (const after of desired) {
    const identity = identityOf(after);
    if (wanted.has(identity)) throw new Error(`two resources are ${identity}`);
    wanted.add(identity);
    entries.push(entryOf(identity, there.get(identity), after));
  }
  for (const [identity, before] of there) {
    if (!wanted.has(identity))
      entries.push({
        identity,
        before,
        after: undefined,
        differences: [],
        action: 'delete',
        reason: 'the file does not have it',
        implied: false,
      });
  }
  return inOrder(entries);
}

/** In rows: sorting them all would ask the order of each many times over. */
function inOrder(entries: readonly Entry[]): Entry[] {
  const rows = groupBy(entries, ({ before, after }) => {
    const resource = after ?? before;
    return resource === undefined ? 0 : orderOf(resource);
  });
  return [...rows].sort(([one], [other]) => one - other).flatMap(([, row]) => row);
}

function entryOf(identity: string, before: Resource | undefined, after: Resource): Entry {
  if (before === undefined)
    return { identity, before, after, differences: [], action: 'create', reason: 'the file has it and the host has not', implied: false };
  const differences = kindOf(after).differences(before, after);
  if (differences.length === 0) return { identity, before, after, differences, action: 'keep', reason: '', implied: false };
  const action = differences.some(({ effect }) => effect === 'replace') ? 'replace' : 'update';
  const reason = differences.map((d) => `${d.field} is ${shown(d.before)}, shall be ${shown(d.after)}`).join('; ');
  return { identity, before, after, differences, action, reason, implied: false };
}

const shown = (value: string): string => (value === '' ? 'not set' : value);

/**
 * What is made anew takes along what needs it, and what ends takes along what lives in it.
 * Goes on until nothing new is touched; each entry is touched at most once in each way.
 */
function spread(entries: readonly Entry[]): void {
  if (entries.every(({ action }) => action === 'keep' || action === 'update')) return;
  const needing = new Map<string, Entry[]>();
  for (const entry of entries) {
    const resource = entry.before;
    if (resource === undefined) continue;
    for (const key of kindOf(resource).requires(resource)) {
      const list = needing.get(key);
      if (list === undefined) needing.set(key, [entry]);
      else list.push(entry);
    }
  }
  if (needing.size === 0) return;
  const there = new Set(entries.flatMap(({ before }) => (before === undefined ? [] : kindOf(before).provides(before))));
  for (const { before, after } of entries) {
    if (before !== undefined || after === undefined) continue;
    // Somebody took away what this was in: a process, say, lives on in a namespace that has lost its name.
    for (const key of kindOf(after).provides(after))
      if (!there.has(key)) for (const orphan of needing.get(key) ?? []) makeAnew(orphan, `${kindOf(after).describe(after)} was gone`);
  }
  const gone = entries.filter(({ action }) => action === 'delete' || action === 'replace');
  for (let entry = gone.pop(); entry !== undefined; entry = gone.pop()) {
    if (entry.before === undefined) continue;
    for (const key of kindOf(entry.before).provides(entry.before)) {
      for (const dependent of needing.get(key) ?? []) {
        if (makeAnew(dependent, `${kindOf(entry.before).describe(entry.before)} ${entry.after === undefined ? 'goes' : 'is made anew'}`))
          gone.push(dependent);
      }
    }
  }
}

/** Whether it was not to be made anew, or to go, already. */
function makeAnew(entry: Entry, reason: string): boolean {
  if (entry.action !== 'keep' && entry.action !== 'update') return false;
  entry.action = 'replace';
  entry.reason = reason;
  return true;
}

/** Marks what goes away with something else. Known only when all that goes is. */
function imply(entries: readonly Entry[]): void {
  const going = entries.filter(({ action }) => action === 'delete' || action === 'replace');
  const ended = new Set(going.flatMap(({ before }) => (before === undefined ? [] : kindOf(before).provides(before))));
  for (const entry of going) {
    const { before } = entry;
    if (before === undefined) continue;
    entry.implied = kindOf(before)
      .goesWith(before)
      .some((part) => part.length > 0 && part.every((key) => ended.has(key)));
  }
}

function changeOf({ identity, before, after, differences, action, reason, implied }: Entry, origins: ReadonlyMap<string, Origin>): Change {
  return {
    action: action === 'keep' ? 'update' : action,
    identity,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    effect: effectOf(action, differences),
    differences,
    reason,
    origin: after?.origin ?? origins.get(identity) ?? [],
    implied,
  };
}

function effectOf(action: Entry['action'], differences: readonly Difference[]): Effect {
  if (action === 'replace') return 'replace';
  return differences.some(({ effect }) => effect === 'restart') ? 'restart' : 'live';
}
