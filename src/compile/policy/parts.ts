/** What an end of `from -> to` means: addresses, and where in the graph they are. */
import type { Address, Prefix } from '../../address/ip.ts';
import { bitsOf, containsPrefix } from '../../address/prefix.ts';
import type { End } from '../../network/end.ts';
import type { Network, Node } from '../../network/network.ts';
import { type Graph, hostLegOf } from './graph.ts';
import { aggregate } from './prefixes.ts';

/** Addresses as a field of a packet is compared with them. `outside`: in no subnet of the bottle. */
export type Addresses = 'any' | 'outside' | readonly Prefix[];

/** Addresses in one place. */
export interface Part {
  /** A vertex; `any` where nobody can tell. */
  readonly at: number | 'any';
  readonly addresses: Addresses;
}

/** What a forwarder is named by: only then does a line speak of the forwarder itself. */
export interface Meaning {
  readonly parts: readonly Part[];
  /** Addresses of the forwarder's own that the end means by name, by a prefix, or as `any`. */
  readonly own: (forwarder: string) => 'all' | 'none' | readonly Prefix[];
}

export interface EndReader {
  readonly read: (end: End) => Meaning;
}

export const hostPrefix = ({ family, value }: Address): Prefix => ({ family, value, length: bitsOf(family) });

export function endReader(network: Network, graph: Graph): EndReader {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const owned = new Map(
    graph.forwarders.map(({ name, legs }) => [name, legs.flatMap(({ addresses }) => addresses.map(hostPrefix))] as const),
  );
  if (!owned.has('host')) {
    const legs = network.segments.flatMap((segment) => hostLegOf(segment)?.addresses ?? []);
    owned.set(
      'host',
      legs.map(({ address }) => hostPrefix(address)),
    );
  }
  const outside: readonly Part[] = [...graph.doors].map((at) => ({ at, addresses: 'outside' }));
  const known = new Map<string, Meaning>();

  function read(end: End): Meaning {
    switch (end.kind) {
      case 'any':
        return { parts: [{ at: 'any', addresses: 'any' }], own: () => 'all' };
      case 'outside':
        return { parts: outside, own: () => 'none' };
      case 'prefix': {
        const { prefix } = end;
        if (prefix.length === 0) return { parts: [{ at: 'any', addresses: [prefix] }], own: ownIn(prefix) };
        const home = graph.domains.find(({ subnets }) => subnets.some((subnet) => containsPrefix(subnet, prefix)));
        return { parts: [{ at: home?.vertex ?? 'any', addresses: [prefix] }], own: ownIn(prefix) };
      }
      case 'nodes': {
        const named = new Set(end.members);
        return { parts: partsOf(end.members), own: (forwarder) => (named.has(forwarder) ? 'all' : 'none') };
      }
    }
  }

  const ownIn =
    (prefix: Prefix) =>
    (forwarder: string): readonly Prefix[] =>
      (owned.get(forwarder) ?? []).filter((one) => containsPrefix(prefix, one));

  function partsOf(members: readonly string[]): readonly Part[] {
    const found = new Map<number, Prefix[]>();
    const add = (at: number, prefixes: readonly Prefix[]): void => {
      found.set(at, [...(found.get(at) ?? []), ...prefixes]);
    };
    for (const member of members) {
      const node = nodes.get(member);
      if (node !== undefined) addNode(node, add);
      else if (member !== 'internet') add(graph.domainOf(member), graph.domains[graph.domainOf(member)]?.subnets ?? []);
    }
    const placed = [...found].map(([at, prefixes]): Part => ({ at, addresses: aggregate(prefixes) }));
    return members.includes('internet') && !nodes.has('internet') ? [...placed, ...outside] : placed;
  }

  function addNode({ name, interfaces, bridge }: Node, add: (at: number, prefixes: readonly Prefix[]) => void): void {
    const forwarder = graph.forwarderOf(name);
    for (const { segment, addresses } of interfaces)
      add(
        forwarder ?? graph.domainOf(segment),
        addresses.map(({ address }) => hostPrefix(address)),
      );
    if (bridge !== undefined)
      add(
        graph.domainOf(interfaces[0]?.segment ?? ''),
        bridge.addresses.map(({ address }) => hostPrefix(address)),
      );
  }

  return {
    read(end) {
      const key = end.kind === 'nodes' || end.kind === 'prefix' ? `${end.kind} ${end.text}` : end.kind;
      const meaning = known.get(key) ?? read(end);
      known.set(key, meaning);
      return meaning;
    },
  };
}
