/** Addresses that questions about a network are about, besides those of what it compiles to. */
import type { Address, Prefix } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';

/** Of all networks and nodes, be they there or not, and of all that promises name. */
export function askedAbout({ segments, nodes, expectations }: Network): readonly (Address | Prefix)[] {
  return [
    ...segments.flatMap(({ subnets }) => subnets),
    ...nodes.flatMap((node) => addressesOf(node).map(({ address }) => address)),
    ...expectations.flatMap(({ from, to }) => [from, to].flatMap((end) => (end.kind === 'prefix' ? [end.prefix] : []))),
  ];
}
