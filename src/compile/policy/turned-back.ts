/**
 * Forwards that lead back to where the packet came from: inside a segment all is free, so it is by its router as well.
 */
import type { Network } from '../../network/network.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { NamedSet, SetElement } from '../../resource/ruleset/named-set.ts';
import { matchSet, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Forwarder, Graph } from './graph.ts';
import { prefixValue, words } from './shape.ts';

const translated: Statement = { kind: 'match', fields: ['ct status'], operator: 'in', among: [['dnat']] };

export function turnedBack(network: Network, { name, legs }: Forwarder, { domains }: Graph) {
  const rules: Rule[] = [];
  const sets: NamedSet[] = [];
  if (!network.forwards.some(({ at }) => at === name)) return { rules, sets };
  for (const family of [4, 6] as const) {
    const { saddr, type } = words[family];
    const elements = legs.flatMap(({ device, domain }) =>
      (domains[domain]?.subnets ?? [])
        .filter((subnet) => subnet.family === family)
        .map((subnet): SetElement => ({ key: [device, device, prefixValue(subnet)], comment: '' })),
    );
    if (elements.length === 0) continue;
    const set = family === 4 ? 'turned-back-ip' : 'turned-back-ip6';
    sets.push({ kind: 'set', name: set, types: ['ifname', 'ifname', type], interval: true, counter: false, elements });
    rules.push({
      statements: [translated, matchSet(['iifname', 'oifname', saddr], set), verdict('accept')],
      comment: commentOf(['forwards']),
    });
  }
  return { rules, sets };
}
