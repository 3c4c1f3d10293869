/** The chain that drops packets with a source address that cannot come in where they did. */
import type { Prefix } from '../../address/ip.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { NamedSet, SetElement } from '../../resource/ruleset/named-set.ts';
import { counter, match, matchSet, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Fragment } from '../fragment.ts';
import type { FeasibleSources } from './feasible.ts';
import { prefixValue, words } from './shape.ts';

export const SOURCES = 'sources';

const LINK_LOCAL = { prefix: 'fe80::', length: 10 };
const families = [4, 6] as const;

/** @param foreign what must not come in by devices that are not ours; for a router there are none */
export function sourcesChain(feasible: readonly FeasibleSources[], origin: Origin, foreign?: Foreign): Fragment {
  const comment = commentOf(origin);
  const rule = (...statements: readonly Statement[]): Rule => ({ statements, comment });
  const outward = feasible.filter(({ outside }) => outside).map(({ device }) => [device] as const);
  const sets: NamedSet[] = [];
  const rules: Rule[] = [];
  for (const family of families) {
    const { saddr, type } = words[family];
    const elements = feasible.flatMap(({ device, prefixes }) =>
      prefixes
        .filter((prefix) => prefix.family === family)
        .map((prefix): SetElement => ({ key: [device, prefixValue(prefix)], comment: '' })),
    );
    if (elements.length === 0) continue;
    const name = family === 4 ? 'sources-ip' : 'sources-ip6';
    sets.push({ kind: 'set', name, types: ['ifname', type], interval: true, counter: false, elements });
    rules.push(rule(matchSet(['iifname', saddr], name), verdict('return')));
  }
  rules.push(rule(match('ip6 saddr', LINK_LOCAL), verdict('return')));
  for (const family of outward.length === 0 ? [] : families) {
    const out: Statement = { kind: 'match', fields: ['iifname'], operator: '==', among: outward };
    rules.push(rule(out, notIn(family, words[family].inside), verdict('return')));
  }
  for (const family of foreign === undefined ? [] : families) {
    const { type } = words[family];
    const elements = foreign?.prefixes
      .filter((prefix) => prefix.family === family)
      .map((prefix) => ({ key: [prefixValue(prefix)], comment: '' }));
    const name = family === 4 ? 'home-ip' : 'home-ip6';
    sets.push({ kind: 'set', name, types: [type], interval: true, counter: false, elements: elements ?? [] });
    rules.push(rule(matchSetNot('iifname', foreign?.legs ?? ''), notIn(family, name), verdict('return')));
  }
  rules.push(rule(counter, verdict('drop')));
  return { chains: [{ name: SOURCES, rules }], sets };
}

export interface Foreign {
  /** The set of the host's legs in the bottle. */
  readonly legs: string;
  readonly prefixes: readonly Prefix[];
}

const notIn = (family: 4 | 6, set: string): Statement => ({
  kind: 'match',
  fields: [words[family].saddr],
  operator: '!=',
  among: { set },
});

const matchSetNot = (field: 'iifname', set: string): Statement => ({ kind: 'match', fields: [field], operator: '!=', among: { set } });
