import { compare, type Kind } from './kind.ts';
import { inNamespace, type ResourceBase } from './resource.ts';
import type { Chain } from './ruleset/chain.ts';
import type { NamedSet } from './ruleset/named-set.ts';

/** An nftables table (nft(8)) that is ours as a whole. */
export interface Table extends ResourceBase {
  readonly kind: 'table';
  readonly namespace: string;
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge';
  readonly name: string;
  readonly chains: readonly Chain[];
  /** Sets and maps that its rules refer to. */
  readonly sets: readonly NamedSet[];
}

export const tableKind: Kind<Table> = {
  identity: ({ namespace, family, name }) => `table:${namespace}/${family}/${name}`,
  provides: () => [],
  requires: ({ namespace }) => inNamespace(namespace),
  goesWith: ({ namespace }) => [inNamespace(namespace)],
  // A whole table is exchanged in one transaction.
  differences: (before, after) => compare(before, after, { chains: 'live', sets: 'live' }),
  describe: ({ namespace, family, name }) => `table ${family} ${name} in ${namespace}`,
};
