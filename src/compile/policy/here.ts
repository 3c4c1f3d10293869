import type { Prefix } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Policy } from '../../network/policy/policy-line.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Said } from './decisions.ts';
import type { SourceCheck } from './feasible.ts';
import type { Graph } from './graph.ts';
import { prefixValue, words } from './shape.ts';

/** What a policy says at one forwarder. */
export interface Spoken {
  readonly through: readonly Said[];
  readonly into: readonly Said[];
  readonly outOf: readonly Said[];
}

/** What is known when the chains of a forwarder are written. */
export interface Here {
  readonly network: Network;
  readonly policy: Policy;
  readonly graph: Graph;
  readonly feasible: SourceCheck;
  /** All subnets but that of a simulated internet. */
  readonly inside: readonly Prefix[];
  readonly spoken: Spoken;
}

/** The chain of a hook that asks the lines. */
export const policyChain = (hook: 'forward' | 'input' | 'output'): string => `${hook}-policy`;

/** Sets of all that is inside, one a family; empty ones too, for rules ask for both. */
export const insideSets = (inside: readonly Prefix[]): readonly NamedSet[] =>
  ([4, 6] as const).map((family) => ({
    kind: 'set',
    name: words[family].inside,
    types: [words[family].type],
    interval: true,
    counter: false,
    elements: inside.filter((prefix) => prefix.family === family).map((prefix) => ({ key: [prefixValue(prefix)], comment: '' })),
  }));
