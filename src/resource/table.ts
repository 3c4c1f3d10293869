import type { Kind } from './kind.ts';
import { inNamespace, type ResourceBase } from './resource.ts';
import type { Chain } from './ruleset/chain.ts';
import type { NamedSet } from './ruleset/named-set.ts';
import { rulesetDifferences } from './ruleset/ruleset-differences.ts';

/** An nftables table (nft(8)) that is ours as a whole. */
export interface Table extends ResourceBase {
  readonly kind: 'table';
  readonly namespace: string;
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge';
  readonly name: string;
  readonly chains: readonly Chain[];
  /** Sets and maps that its rules refer to. */
  readonly sets: readonly NamedSet[];
  /** Only of tables that were read: what nft says of things in it for which there are no words here. */
  readonly unknown?: readonly string[];
}

export const tableKind: Kind<Table> = {
  identity: ({ namespace, family, name }) => `table:${namespace}/${family}/${name}`,
  provides: () => [],
  requires: ({ namespace }) => inNamespace(namespace),
  goesWith: ({ namespace }) => [inNamespace(namespace)],
  differences: rulesetDifferences,
  describe: ({ namespace, family, name }) => `table ${family} ${name} in ${namespace}`,
};
