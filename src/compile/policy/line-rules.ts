/** What single lines of a policy speak of at each router, as rules that accept it: for whoever asks which lines are idle. */
import type { Prefix } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Policy } from '../../network/policy/policy-line.ts';
import type { Chain } from '../../resource/ruleset/chain.ts';
import type { Table } from '../../resource/table.ts';
import { decisionsOf, type Said } from './decisions.ts';
import { graphOf } from './graph.ts';
import { insideSets, policyChain, type Spoken } from './here.ts';
import { insideOf, spokenAt } from './policy.ts';

/** A table whose only chain with a hook accepts what a line speaks of, and drops the rest. */
export interface LineRules {
  /** Number of the line. */
  readonly line: number;
  /** The chain in the router's own table that asks the policy: this is a part of it. */
  readonly at: string;
  readonly table: Pick<Table, 'name' | 'chains' | 'sets'>;
  readonly chain: Chain;
}

const hooks = { forward: 'through', input: 'into', output: 'outOf' } as const satisfies Record<string, keyof Spoken>;

/** By the name of a router, or `host`. */
export function lineRules(network: Network): (name: string) => readonly LineRules[] {
  const { policy } = network;
  if (policy === undefined) return () => [];
  const spoken = spokenAt(network, policy, graphOf(network));
  const inside = insideOf(network);
  // Who denies wins over who allows: alone, each says what it speaks of.
  const plain: Policy = { ...policy, lines: policy.lines.map((line) => ({ ...line, action: 'allow', log: false })) };
  return (name) => {
    const here = spoken(name);
    return (['forward', 'input', 'output'] as const).flatMap((hook) => {
      const byLine = new Map<number, Said[]>();
      for (const said of here[hooks[hook]]) byLine.set(said.line, [...(byLine.get(said.line) ?? []), said]);
      return [...byLine].map(([line, said]) => ({ line, at: policyChain(hook), ...ruled(hook, plain, said, inside) }));
    });
  };
}

function ruled(hook: 'forward' | 'input' | 'output', policy: Policy, said: readonly Said[], inside: readonly Prefix[]) {
  const { rules, chains, sets } = decisionsOf(hook, policy, said, inside);
  const chain: Chain = {
    name: policyChain(hook),
    hook: { type: 'filter', hook, priority: 0, policy: 'drop' },
    // Without what becomes of all else.
    rules: rules.slice(0, -1),
  };
  return { chain, table: { name: 'line', chains: [chain, ...chains], sets: [...sets, ...insideSets(inside)] } };
}
