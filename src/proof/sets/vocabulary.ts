/** What rulesets look at: what sets of packets have to tell apart, and nothing else. */
import type { Family } from '../../address/ip.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Interval, intervalOf } from '../../resource/ruleset/interval.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import type { Table } from '../../resource/table.ts';

export interface Vocabulary {
  readonly fields: readonly Field[];
  /** Of interfaces; all others are one. */
  readonly names: readonly string[];
}

export function vocabularyOf(tables: Iterable<Pick<Table, 'chains' | 'sets'>>): Vocabulary {
  const fields = new Set<Field>();
  const names = new Set<string>();
  for (const { chains, sets } of tables) {
    const named = new Map(sets.map((set) => [set.name, set]));
    for (const { rules } of chains)
      for (const { statements } of rules) for (const statement of statements) note(statement, named, fields, names);
  }
  return { fields: [...fields].toSorted(), names: [...names].toSorted() };
}

function note(statement: Statement, sets: ReadonlyMap<string, NamedSet>, fields: Set<Field>, names: Set<string>): void {
  const asked = askedBy(statement, sets);
  if (asked === undefined) return;
  for (const [place, field] of asked.fields.entries()) {
    fields.add(field);
    if (typeOf(field) !== 'ifname') continue;
    for (const key of asked.keys) {
      const name = key[place];
      if (typeof name === 'string') names.add(name);
    }
  }
}

/** Ranges of addresses that rules name, in fields or for NAT. */
export function addressesNamed(tables: Iterable<Pick<Table, 'chains' | 'sets'>>): readonly NamedAddresses[] {
  const found: NamedAddresses[] = [];
  const known = new Set<string>();
  const add = (type: string, value: Value): void => {
    const family = type === 'ipv4_addr' ? 4 : type === 'ipv6_addr' ? 6 : undefined;
    // Machines are named again and again.
    if (family === undefined || (typeof value === 'string' && known.has(value))) return;
    if (typeof value === 'string') known.add(value);
    const interval = intervalOf(value, family === 4 ? 'ipv4_addr' : 'ipv6_addr');
    if (interval !== undefined) found.push({ family, ...interval });
  };
  for (const { chains, sets } of tables) {
    for (const set of sets)
      for (const element of set.elements) {
        for (const [place, value] of element.key.entries()) add(set.types[place] ?? '', value);
        if (set.kind === 'map')
          for (const [place, value] of ('value' in element ? element.value : []).entries()) add(set.data[place] ?? '', value);
      }
    const named = new Map<string, NamedSet>();
    for (const { statements } of chains.flatMap(({ rules }) => rules))
      for (const statement of statements) {
        if ((statement.kind === 'snat' || statement.kind === 'dnat') && 'address' in statement.to && statement.to.address !== undefined)
          add(statement.family === 'ip' ? 'ipv4_addr' : 'ipv6_addr', statement.to.address);
        const asked = askedBy(statement, named);
        for (const [place, field] of (asked?.fields ?? []).entries())
          for (const key of asked?.keys ?? []) if (key[place] !== undefined) add(typeOf(field), key[place]);
      }
  }
  return found;
}

/** Of one family, from the first to the last. */
export interface NamedAddresses extends Interval {
  readonly family: Family;
}

interface Asked {
  readonly fields: readonly Field[];
  readonly keys: readonly Key[];
}

function askedBy(statement: Statement, sets: ReadonlyMap<string, NamedSet>): Asked | undefined {
  const named = (name: string): readonly Key[] => sets.get(name)?.elements.map(({ key }) => key) ?? [];
  switch (statement.kind) {
    case 'match':
      return { fields: statement.fields, keys: 'set' in statement.among ? named(statement.among.set) : statement.among };
    case 'vmap':
      return {
        fields: statement.fields,
        keys: 'name' in statement.map ? named(statement.map.name) : statement.map.entries.map(([key]) => key),
      };
    case 'snat':
    case 'dnat':
      return 'map' in statement.to ? { fields: statement.to.fields, keys: named(statement.to.map) } : undefined;
    default:
      return undefined;
  }
}
