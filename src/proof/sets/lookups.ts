/** What sets and maps of a table say of packets. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { NamedSet, VerdictSet } from '../../resource/ruleset/named-set.ts';
import type { Match, VerdictMap } from '../../resource/ruleset/statement.ts';
import type { Key } from '../../resource/ruleset/value.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import type { Table } from '../../resource/table.ts';
import type { Node } from './diagram.ts';
import { EMPTY } from './node-table.ts';
import type { PacketSets } from './packet-sets.ts';

/** A key, and what it leads to. */
interface Entry<T> {
  readonly key: Key;
  readonly to: T;
}

/** Packets that are led to one thing. */
interface Group<T> {
  readonly to: T;
  readonly packets: Node;
}

export type SetOf = (name: string) => NamedSet;

/** @throws Error where the table has no set of the name */
export function setsOf({ name: table, sets }: Pick<Table, 'name' | 'sets'>): SetOf {
  const named = new Map(sets.map((set) => [set.name, set]));
  return (name) => {
    const set = named.get(name);
    if (set === undefined) throw new Error(`table ${table} has no set ${name}`);
    return set;
  };
}

/** Packets that a match lets on. */
export function matching(sets: PacketSets, { fields, operator, among }: Match, setOf: SetOf): Node {
  const keys = 'set' in among ? keysOf(setOf(among.set)) : among;
  if (operator === 'in' && !('set' in among)) {
    const [field, ...others] = fields;
    if (field === undefined || others.length > 0) throw new Error(`flags of ${fields.join(' . ')} are not one field`);
    return sets.withFlags(
      field,
      keys.flatMap((key) => key.slice(0, 1)),
    );
  }
  const found = sets.among(fields, keys);
  return operator === '!=' ? sets.diagram.diff(sets.having(fields), found) : found;
}

/** Lists of sets are made once: what is found out of them is kept with them. */
const lists = new WeakMap<NamedSet, readonly Key[]>();

function keysOf(set: NamedSet): readonly Key[] {
  const keys = lists.get(set) ?? set.elements.map(({ key }) => key);
  lists.set(set, keys);
  return keys;
}

/** What all entries lead to, by groups with the same. Of entries that overlap, the one that the kernel finds: exact ones first. */
export function groupsOf<T>(sets: PacketSets, fields: readonly Field[], all: readonly Entry<T>[]): readonly Group<T>[] {
  const { diagram } = sets;
  const [only, ...others] = alikeIn(all);
  if (only !== undefined && others.length === 0) return [{ to: only.to, packets: sets.among(fields, only.keys) }];
  const entries = sets.relevant(fields, all, ({ key }) => key);
  const result: Group<T>[] = [];
  let taken: Node = EMPTY;
  for (const { to, keys } of alike(entries)) {
    const packets = sets.amongRelevant(fields, keys);
    if (diagram.and(taken, packets) !== EMPTY) return oneByOne(sets, fields, entries);
    taken = diagram.or(taken, packets);
    result.push({ to, packets });
  }
  return result;
}

/** Keys that lead to the same. */
interface Alike<T> {
  readonly to: T;
  readonly keys: Key[];
}

const known = new WeakMap<readonly Entry<unknown>[], readonly Alike<unknown>[]>();

function alikeIn<T>(all: readonly Entry<T>[]): readonly Alike<T>[] {
  const found = (known.get(all) as readonly Alike<T>[] | undefined) ?? alike(all);
  known.set(all, found);
  return found;
}

function alike<T>(entries: readonly Entry<T>[]): readonly Alike<T>[] {
  const groups = new Map<string, Alike<T>>();
  for (const { key, to } of entries) {
    const text = typeof to === 'string' ? to : JSON.stringify(to);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { to, keys: [key] });
    else group.keys.push(key);
  }
  return [...groups.values()];
}

/** What a map has, in its own order. @throws Error where it is not one to verdicts */
export function entriesOf(map: VerdictMap['map'], setOf: SetOf): readonly Entry<Verdict>[] {
  if ('entries' in map) return map.entries.map(([key, to]) => ({ key, to }));
  const set = setOf(map.name);
  const entries = verdicts.get(set) ?? elementsIn(map.name, setOf).map(({ key, verdict }) => ({ key, to: verdict }));
  verdicts.set(set, entries);
  return entries;
}

const verdicts = new WeakMap<NamedSet, readonly Entry<Verdict>[]>();

function elementsIn(name: string, setOf: SetOf): VerdictSet['elements'] {
  const set = setOf(name);
  if (set.kind !== 'verdict-map') throw new Error(`${name} is no verdict map`);
  return set.elements;
}

function oneByOne<T>(sets: PacketSets, fields: readonly Field[], entries: readonly Entry<T>[]): readonly Group<T>[] {
  const { diagram } = sets;
  const result: Group<T>[] = [];
  let taken: Node = EMPTY;
  const isExact = ({ key }: Entry<T>): boolean => key.every((value) => typeof value !== 'object');
  for (const { key, to } of [...entries.filter(isExact), ...entries.filter((entry) => !isExact(entry))]) {
    const own = sets.among(fields, [key]);
    const packets = diagram.diff(own, taken);
    taken = diagram.or(taken, own);
    result.push({ to, packets });
  }
  return result;
}
