/** Addresses that are not an interface's own and are sent to it all the same, because routes say so. */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { bitsOf, containsPrefix, lastOf } from '../../address/prefix.ts';
import type { Network } from '../../network/network.ts';

/** Neighbouring addresses; both ends belong to it. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** The destinations that anybody sends via an address. */
export type Routed = ReadonlyMap<string, readonly Prefix[]>;

export function routedIn({ nodes, segments }: Network): Routed {
  const hosts = segments.flatMap(({ attachment }) => ('host' in attachment ? attachment.host.routes : []));
  const routed = new Map<string, Prefix[]>();
  for (const route of [...nodes.flatMap(({ routes }) => routes), ...hosts]) {
    if (route.type === 'unreachable') continue;
    const via = textOf(route.via);
    const others = routed.get(via);
    if (others === undefined) routed.set(via, [route.to]);
    else others.push(route.to);
  }
  return routed;
}

const textOf = ({ family, value }: Address): string => `${family} ${value}`;

interface Surroundings {
  readonly subnets: readonly Prefix[];
  readonly neighbours: () => readonly Address[];
}

/**
 * What is routed to one of the addresses. A route that is wider than a subnet of the network does not speak for that:
 * what comes from there comes from its owner. Nor does any route speak for a neighbour's address.
 */
export function routedTo(via: readonly Address[], routed: Routed, { subnets, neighbours }: Surroundings): readonly Block[] {
  const destinations = via.flatMap((address) => routed.get(textOf(address)) ?? []);
  if (destinations.length === 0) return [];
  const owned = neighbours().map(({ family, value }): Prefix => ({ family, value, length: bitsOf(family) }));
  const blocks = destinations.flatMap((to) => {
    const wider = subnets.filter((subnet) => containsPrefix(to, subnet));
    return [...wider, ...owned].map(blockOf).reduce<readonly Block[]>(without, [blockOf(to)]);
  });
  return ([4, 6] as const).flatMap((family) => joined(blocks.filter((block) => block.family === family)));
}

const blockOf = (prefix: Prefix): Block => ({ family: prefix.family, first: prefix.value, last: lastOf(prefix) });

/** The blocks less what lies in `hole`. */
const without = (blocks: readonly Block[], hole: Block): readonly Block[] =>
  blocks.flatMap((block) => {
    if (block.family !== hole.family || hole.last < block.first || block.last < hole.first) return [block];
    return [
      ...(block.first < hole.first ? [{ ...block, last: hole.first - 1n }] : []),
      ...(hole.last < block.last ? [{ ...block, first: hole.last + 1n }] : []),
    ];
  });

/** Sorted, overlapping and adjacent ones made one: the kernel refuses elements that overlap. */
function joined(blocks: readonly Block[]): readonly Block[] {
  const result: Block[] = [];
  for (const block of blocks.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = result.at(-1);
    if (before === undefined || before.last + 1n < block.first) result.push(block);
    else if (before.last < block.last) result[result.length - 1] = { ...before, last: block.last };
  }
  return result;
}
