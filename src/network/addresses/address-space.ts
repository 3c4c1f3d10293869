import type { Address, Prefix } from '../../address/ip.ts';
import { bitsOf, lastOf } from '../../address/prefix.ts';
import { EMPTY, type RangeSet, rangeSet, subtract, union } from '../../collection/range-set.ts';
import type { End } from '../end.ts';
import type { Network } from '../network.ts';
import { addressesOf } from '../station.ts';

/** IPv6 addresses come after IPv4's in one line of numbers. */
const FIRST_OF = { 4: 0n, 6: 1n << 32n } as const;
const END = FIRST_OF[6] + (1n << 128n);

/**
 * The addresses of both families, cut wherever something in a network begins or ends, and the pieces numbered: sets of
 * addresses become small sets of small numbers.
 */
export interface AddressSpace {
  readonly everything: RangeSet;
  /** What an end of the policy stands for, at the left of the arrow. */
  readonly sources: (end: End) => RangeSet;
  /** The same at the right: a network does not stand for the routers in it. */
  readonly destinations: (end: End) => RangeSet;
  readonly setOf: (prefix: Prefix) => RangeSet;
  readonly pointOf: (address: Address) => number;
}

export function addressSpace(network: Network): AddressSpace {
  const { count, pieceAt } = cut(network);
  const everything: RangeSet = [0, count];
  const setOf = (prefix: Prefix): RangeSet => [pieceAt(startOf(prefix)), pieceAt(startOf(prefix) + sizeOf(prefix))];
  const ofSegment = new Map(network.segments.map(({ name, subnets }) => [name, union(subnets.map(setOf))]));
  const pointOf = ({ family, value }: Address): number => pieceAt(FIRST_OF[family] + value);
  const points = (addresses: readonly { readonly address: Address }[]): RangeSet =>
    rangeSet(addresses.map(({ address }) => [pointOf(address), pointOf(address) + 1]));
  const ofNode = new Map(network.nodes.map((node) => [node.name, points(addressesOf(node))]));
  const forwarding = union([
    ...network.nodes.filter(({ kind }) => kind === 'router').map(({ name }) => ofNode.get(name) ?? EMPTY),
    ...network.segments.map(({ attachment }) => ('host' in attachment ? points(attachment.host.addresses) : EMPTY)),
  ]);
  const outside = subtract(everything, union([...ofSegment].filter(([name]) => name !== 'internet').map(([, set]) => set)));
  const segmentSet = (name: string): RangeSet => (name === 'internet' ? outside : (ofSegment.get(name) ?? EMPTY));

  const reader = (segmentOf: (name: string) => RangeSet) => {
    const known = new Map<string, RangeSet>();
    const read = (end: Exclude<End, { kind: 'any' }>): RangeSet => {
      if (end.kind === 'outside') return outside;
      if (end.kind === 'prefix') return setOf(end.prefix);
      return union(end.members.map((name) => ofNode.get(name) ?? segmentOf(name)));
    };
    return (end: End): RangeSet => {
      if (end.kind === 'any') return everything;
      const key = end.kind === 'outside' ? end.kind : end.text;
      const set = known.get(key) ?? read(end);
      known.set(key, set);
      return set;
    };
  };
  return {
    everything,
    sources: reader(segmentSet),
    destinations: reader((name) => subtract(segmentSet(name), forwarding)),
    setOf,
    pointOf,
  };
}

function cut(network: Network): { readonly count: number; readonly pieceAt: (start: bigint) => number } {
  const starts = new Set([0n, FIRST_OF[6], END]);
  const add = (prefix: Prefix) => starts.add(startOf(prefix)).add(startOf(prefix) + sizeOf(prefix));
  const addAddress = ({ address }: { readonly address: Address }) => add({ ...address, length: bitsOf(address.family) });
  for (const { subnets, attachment } of network.segments) {
    for (const subnet of subnets) add(subnet);
    if ('host' in attachment) for (const address of attachment.host.addresses) addAddress(address);
  }
  for (const node of network.nodes) {
    for (const address of addressesOf(node)) addAddress(address);
    for (const { to } of node.routes) add(to);
  }
  for (const { from, to } of network.policy?.lines ?? []) for (const end of [from, to]) if (end.kind === 'prefix') add(end.prefix);
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const pieces = new Map(sorted.map((start, index) => [start, index]));
  return { count: sorted.length - 1, pieceAt: (start) => pieces.get(start) ?? 0 };
}

const startOf = ({ family, value }: Address): bigint => FIRST_OF[family] + value;
const sizeOf = (prefix: Prefix): bigint => lastOf(prefix) - prefix.value + 1n;
