/** Which nodes, and which of their addresses, the ends of `from -> to` stand for. */
import type { Address, Family, Prefix } from '../address/ip.ts';
import { bitsOf, containsAddress } from '../address/prefix.ts';
import type { End } from '../network/end.ts';
import type { Network, Node } from '../network/network.ts';

/** An address of a node; a bridge's own addresses belong to no segment. */
export interface Located {
  readonly address: Address;
  readonly segment?: string;
}

export interface Source {
  readonly node: Node;
  /** The address to send from, where the file names addresses and not nodes; the kernel chooses otherwise. */
  readonly address?: Address;
}

export interface Target {
  /** Absent for an address that no node of the bottle has. */
  readonly node?: Node;
  readonly addresses: readonly Located[];
  /** Every address is meant, and not one a family. */
  readonly all: boolean;
}

export interface Ends<T> {
  readonly items: readonly T[];
  /** Why there is nothing to measure with. */
  readonly unmeasured?: string;
}

export function addressesOf(node: Node): readonly Located[] {
  const ports = node.interfaces.flatMap(({ segment, addresses }) => addresses.map(({ address }) => ({ address, segment })));
  return [...ports, ...(node.bridge?.addresses ?? []).map(({ address }) => ({ address }))];
}

const familiesOf = (addresses: readonly Located[]): readonly Family[] =>
  ([4, 6] as const).filter((family) => addresses.some(({ address }) => address.family === family));

const insideOf = (prefix: Prefix, node: Node): readonly Located[] =>
  addressesOf(node).filter(({ address }) => containsAddress(prefix, address));

const machinesOf = (network: Network): readonly Node[] => network.nodes.filter(({ kind }) => kind === 'machine');

function namedNodes(network: Network, names: readonly string[]): readonly Node[] {
  const byName = new Map(network.nodes.map((node) => [node.name, node]));
  return names.map((name) => byName.get(name)).filter((node) => node !== undefined);
}

const withAddress = <T>(items: readonly T[], text: string): Ends<T> =>
  items.length > 0 ? { items } : { items, unmeasured: `${text} has no address to measure with` };

export function sourcesOf(network: Network, end: End): Ends<Source> {
  switch (end.kind) {
    case 'outside':
      return { items: [], unmeasured: 'nothing can be sent from outside the bottle' };
    case 'any':
      return withAddress(
        machinesOf(network)
          .filter((node) => addressesOf(node).length > 0)
          .map((node) => ({ node })),
        'no machine',
      );
    case 'nodes':
      return withAddress(
        namedNodes(network, end.nodes)
          .filter((node) => addressesOf(node).length > 0)
          .map((node) => ({ node })),
        end.text,
      );
    case 'prefix': {
      const items = network.nodes.flatMap((node) => insideOf(end.prefix, node).map(({ address }) => ({ node, address })));
      return items.length > 0 ? { items } : { items, unmeasured: `nothing in the bottle has an address in ${end.text} to send from` };
    }
  }
}

export function targetsOf(network: Network, end: End): Ends<Target> {
  switch (end.kind) {
    case 'outside':
      return { items: [], unmeasured: 'what lies outside the bottle is not probed' };
    case 'any':
      return withAddress(wholeNodes(machinesOf(network)), 'no machine');
    case 'nodes': {
      const { segment, text } = end;
      const nodes = wholeNodes(namedNodes(network, end.nodes));
      if (segment === undefined) return withAddress(nodes, text);
      const there = nodes.map((target) => ({ ...target, addresses: target.addresses.filter((located) => located.segment === segment) }));
      return withAddress(
        there.filter(({ addresses }) => addresses.length > 0),
        text,
      );
    }
    case 'prefix':
      return insidePrefix(network, end.prefix, end.text);
  }
}

const wholeNodes = (nodes: readonly Node[]): readonly Target[] =>
  nodes.map((node) => ({ node, addresses: addressesOf(node), all: false })).filter(({ addresses }) => addresses.length > 0);

function insidePrefix(network: Network, prefix: Prefix, text: string): Ends<Target> {
  const items = network.nodes
    .map((node) => ({ node, addresses: insideOf(prefix, node), all: true }))
    .filter(({ addresses }) => addresses.length > 0);
  if (items.length > 0) return { items };
  // A single address is asked whoever has it: a server of the host's network, the host itself.
  if (prefix.length === bitsOf(prefix.family))
    return { items: [{ addresses: [{ address: { family: prefix.family, value: prefix.value } }], all: true }] };
  return { items: [], unmeasured: `nothing in the bottle has an address in ${text}` };
}

/** At which of its addresses a source asks a target: one in a segment that both are in, else the first; one a family unless all are meant. */
export function askedAddresses(source: Source, target: Target): readonly Located[] {
  const own = source.address === undefined ? addressesOf(source.node) : [{ address: source.address }];
  const families = familiesOf(own);
  const asked = target.addresses.filter(({ address }) => families.includes(address.family));
  if (target.all) return asked;
  const near = new Set(source.node.interfaces.map(({ segment }) => segment));
  return families.flatMap((family) => {
    const candidates = asked.filter(({ address }) => address.family === family);
    return (candidates.find(({ segment }) => segment !== undefined && near.has(segment)) ?? candidates[0]) || [];
  });
}
