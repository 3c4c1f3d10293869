/**
 * Lines between so many addresses and services that an element for each would be too much: a rule with a set for each end.
 *
 * Such rules are looked at one after the other, so they are for what is rare: large groups on both sides.
 */
import type { Family, Prefix } from '../../address/ip.ts';
import { hash } from '../../network/hash.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import { counter, match, matchSet, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Key } from '../../resource/ruleset/value.ts';
import type { BoxService } from './box.ts';
import type { LineVerdict } from './lookups.ts';
import type { Addresses } from './parts.ts';
import { keyOf } from './prefixes.ts';
import { prefixValue, words } from './shape.ts';

/** Elements of one line between two places in one family. */
export const MOST_ELEMENTS = 256;

export interface Wide {
  readonly family: Family;
  readonly from: Addresses;
  readonly to: Addresses;
  readonly services: readonly BoxService[];
  readonly line: number;
}

export function wideRules(wides: readonly Wide[], lines: (line: number) => LineVerdict) {
  const sets = new Map<string, NamedSet>();
  const rules = wides.flatMap(({ family, from, to, services, line }): readonly Rule[] => {
    const { saddr, daddr } = words[family];
    const ends = [...endMatch(family, saddr, from, sets), ...endMatch(family, daddr, to, sets)];
    const { verdict: outcome, comment } = lines(line);
    return serviceMatches(family, services).map((service) => ({ statements: [...ends, ...service, counter, verdict(outcome)], comment }));
  });
  return { rules, sets: [...sets.values()] };
}

function endMatch(
  family: Family,
  field: 'ip saddr' | 'ip daddr' | 'ip6 saddr' | 'ip6 daddr',
  addresses: Addresses,
  sets: Map<string, NamedSet>,
): readonly Statement[] {
  if (addresses === 'any') return [];
  if (addresses === 'outside') return [{ kind: 'match', fields: [field], operator: '!=', among: { set: words[family].inside } }];
  const name = addSet(family, addresses, sets);
  return [matchSet([field], name)];
}

/** Of the same addresses there is one set, whoever speaks of them. */
function addSet(family: Family, prefixes: readonly Prefix[], sets: Map<string, NamedSet>): string {
  const { high, low } = hash(prefixes.map(keyOf).join(' '));
  const name = `group-${[high, low].map((part) => part.toString(16).padStart(8, '0')).join('')}`;
  if (!sets.has(name)) {
    const elements = prefixes.map((prefix) => ({ key: [prefixValue(prefix)], comment: '' }));
    sets.set(name, { kind: 'set', name, types: [words[family].type], interval: true, counter: false, elements });
  }
  return name;
}

/** One for ports, one for echo requests; or nothing to match at all. */
function serviceMatches(family: Family, services: readonly BoxService[]): readonly (readonly Statement[])[] {
  if (services.includes('any')) return [[]];
  const ports = services.flatMap((service): readonly Key[] => {
    if (typeof service === 'string') return [];
    const { from, to } = service.ports;
    return [[service.protocol, from === to ? from : { from, to }]];
  });
  return [
    ...(services.includes('echo') ? [[match(words[family].icmp, 'echo-request')]] : []),
    ...(ports.length === 0 ? [] : [[{ kind: 'match', fields: ['meta l4proto', 'th dport'], operator: '==', among: ports } as const]]),
  ];
}
