import type { ResourceBase } from './resource.ts';

/** An nftables table (nft(8)) that is ours as a whole. */
export interface Table extends ResourceBase {
  readonly kind: 'table';
  readonly namespace: string;
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge';
  readonly name: string;
  /** The chains and rules, as nft reads them, without the line of the table itself. */
  readonly body: string;
}
