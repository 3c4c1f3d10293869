import type { Chain } from '../resource/ruleset/chain.ts';
import type { NamedSet } from '../resource/ruleset/named-set.ts';

/** What one concern adds to the table of a namespace. Concerns do not share names of chains and sets. */
export interface Fragment {
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
}

export const nothing: Fragment = { chains: [], sets: [] };

export const together = (...fragments: readonly Fragment[]): Fragment => ({
  chains: fragments.flatMap(({ chains }) => chains),
  sets: fragments.flatMap(({ sets }) => sets),
});
