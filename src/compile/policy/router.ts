/** The filter of a router. */

import type { Chain, Hook, Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { verdict } from '../../resource/ruleset/statement.ts';
import { type Fragment, nothing, together } from '../fragment.ts';
import { errors, known, loopback, neighbours } from './alive.ts';
import { decisionsOf, type Said } from './decisions.ts';
import { type Here, insideSets, policyChain } from './here.ts';
import { verdictChains } from './permit.ts';
import { protocolRules } from './routing-protocols.ts';
import { SOURCES, sourcesChain } from './sources.ts';
import { tunnelRules } from './tunnels.ts';
import { turnedBack } from './turned-back.ts';

const hooked = (hook: Hook['hook']): Hook => ({ type: 'filter', hook, priority: 0, policy: 'drop' });

export function routerFragment(here: Here, name: string): Fragment {
  const { network, policy, inside, graph, feasible, spoken } = here;
  const forwarder = graph.forwarders.find((one) => one.name === name);
  if (forwarder === undefined) return nothing;
  const origin = ['policy'];
  const comment = commentOf(origin);
  const sources: Rule = { statements: [verdict({ jump: SOURCES })], comment };
  const turned = turnedBack(network, forwarder, graph);
  const part = (hook: 'forward' | 'input' | 'output', before: readonly Rule[], said: readonly Said[]): Fragment => {
    const { rules, chains, sets } = decisionsOf(hook, policy, said, inside);
    const chain: Chain = {
      name: hook,
      hook: hooked(hook),
      rules: [...before, { statements: [verdict({ goto: policyChain(hook) })], comment }],
    };
    return { chains: [...chains, { name: policyChain(hook), rules }, chain], sets };
  };
  const parts = together(
    part('forward', [sources, known(origin), ...turned.rules], spoken.through),
    part(
      'input',
      [
        loopback(origin, 'iifname'),
        ...neighbours(origin),
        ...protocolRules(network, name, 'input'),
        sources,
        known(origin),
        ...tunnelRules(network, name, 'input'),
      ],
      spoken.into,
    ),
    part(
      'output',
      [
        loopback(origin, 'oifname'),
        ...neighbours(origin),
        ...protocolRules(network, name, 'output'),
        ...errors(origin),
        known(origin),
        ...tunnelRules(network, name, 'output'),
      ],
      spoken.outOf,
    ),
  );
  return together(
    { chains: verdictChains(network.name, policy, parts), sets: [...insideSets(inside), ...turned.sets] },
    sourcesChain(feasible(forwarder), origin),
    parts,
  );
}
