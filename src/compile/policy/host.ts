/** The filter of the host: only for packets from or to its legs in the bottle. What it sends itself is its own affair. */
import type { Chain, Hook, Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import { matchSet, verdict } from '../../resource/ruleset/statement.ts';
import { type Fragment, nothing, together } from '../fragment.ts';
import { hostLegsOf } from '../host-legs.ts';
import { known, neighbours } from './alive.ts';
import { type Decisions, decisionsOf } from './decisions.ts';
import { elsewhere, type FeasibleSources } from './feasible.ts';
import { type Here, insideSets, policyChain } from './here.ts';
import { verdictChains } from './permit.ts';
import { aggregate } from './prefixes.ts';
import { SOURCES, sourcesChain } from './sources.ts';
import { turnedBack } from './turned-back.ts';

const LEGS = 'legs';

const hooked = (hook: Hook['hook']): Hook => ({ type: 'filter', hook, priority: 0, policy: 'accept' });

export function hostFragment(here: Here): Fragment {
  const { network, policy, inside, graph, spoken } = here;
  const legs = hostLegsOf(network);
  if (legs.length === 0) return nothing;
  const origin = ['policy'];
  const comment = commentOf(origin);
  const forwarder = graph.forwarders.find(({ name }) => name === 'host');
  const away = elsewhere(graph);
  const home = aggregate(graph.domains.filter((domain) => !away.includes(domain)).flatMap(({ subnets }) => subnets));
  const turned = forwarder === undefined ? { rules: [], sets: [] } : turnedBack(network, forwarder, graph);
  const devices: NamedSet = {
    kind: 'set',
    name: LEGS,
    types: ['ifname'],
    interval: false,
    counter: false,
    elements: legs.map(({ attachment, origin: where }) => ({ key: [attachment.host.device], comment: commentOf(where) })),
  };
  const ours = (field: 'iifname' | 'oifname', to: string): Rule => ({
    statements: [matchSet([field], LEGS), verdict({ goto: to })],
    comment,
  });
  const sources: Rule = { statements: [verdict({ jump: SOURCES })], comment };
  const inner = (hook: 'forward' | 'input', before: readonly Rule[], { rules, chains }: Decisions): readonly Chain[] => [
    ...chains,
    { name: policyChain(hook), rules },
    { name: `${hook}-legs`, rules: [...before, { statements: [verdict({ goto: policyChain(hook) })], comment }] },
  ];
  const through = decisionsOf('forward', policy, spoken.through, inside);
  const into = decisionsOf('input', policy, spoken.into, inside);
  const parts: Fragment = {
    chains: [
      ...inner('forward', [sources, known(origin), ...turned.rules], through),
      ...inner('input', [...neighbours(origin), sources, known(origin)], into),
      { name: 'forward', hook: hooked('forward'), rules: [ours('iifname', 'forward-legs'), ours('oifname', 'forward-legs')] },
      { name: 'input', hook: hooked('input'), rules: [ours('iifname', 'input-legs')] },
    ],
    sets: [...turned.sets, ...through.sets, ...into.sets],
  };
  return together(
    { chains: verdictChains(network.name, policy, parts), sets: [devices, ...insideSets(inside)] },
    sourcesChain(sourcesOf(here), origin, { legs: LEGS, prefixes: home }),
    parts,
  );
}

/** The host forwards nothing from host-only networks, but is spoken to from there. */
function sourcesOf({ network, graph, feasible }: Here): readonly FeasibleSources[] {
  const legs = hostLegsOf(network).map(({ name, attachment }) => ({
    device: attachment.host.device,
    domain: graph.domainOf(name),
    addresses: [],
  }));
  return feasible({ vertex: graph.forwarderOf('host') ?? -1, name: 'host', legs });
}
