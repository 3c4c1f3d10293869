/** Who forwards between what: segments, routers, the host and the world around it, whatever the routes say. */
import type { Address, Prefix } from '../../address/ip.ts';
import { containsAddress, samePrefix } from '../../address/prefix.ts';
import { DisjointSets } from '../../collection/disjoint-sets.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { HostLeg, Network, Node, Segment } from '../../network/network.ts';

/**
 * A bipartite graph: domains (segments that bridges join) on one side, what forwards between them on the other.
 * The world beyond the host is a domain of its own.
 */
export interface Graph {
  /** By number: neighbours of each vertex. */
  readonly edges: readonly (readonly number[])[];
  readonly domains: readonly Domain[];
  /** Routers, and the host if it forwards. */
  readonly forwarders: readonly Forwarder[];
  /** The vertex of whoever does not forward in it, such as a machine, is that of its domain. */
  readonly domainOf: (segment: string) => number;
  readonly forwarderOf: (name: string) => number | undefined;
  /** Domains through which everything is reached that is in no subnet. */
  readonly doors: ReadonlySet<number>;
}

export interface Domain {
  readonly vertex: number;
  readonly segments: readonly Segment[];
  readonly subnets: readonly Prefix[];
}

export interface Forwarder {
  readonly vertex: number;
  /** Of the router; `host`. */
  readonly name: string;
  /** Its interfaces. A leg of the host's that is forwarded neither from nor to is none of them. */
  readonly legs: readonly ForwarderLeg[];
}

interface ForwarderLeg {
  readonly device: string;
  readonly domain: number;
  readonly addresses: readonly Address[];
}

/** The host's leg in the segment, if it has one. */
export const hostLegOf = ({ attachment }: Segment): HostLeg | undefined => ('host' in attachment ? attachment.host : undefined);

const isForwarded = ({ attachment: { mode } }: Segment): boolean => mode === 'nat' || mode === 'routed';

const isBridged = ({ attachment: { mode } }: Segment): boolean => mode === 'macvlan' || mode === 'bridge' || mode === 'port';

export function graphOf(network: Network): Graph {
  const { domains, numberOf } = domainsOf(network);
  const world = domains.length;
  const named = [...network.nodes.filter(({ kind }) => kind === 'router').map(routerLegs), hostLegs(network)];
  const forwarders = named
    .filter(({ legs }) => legs.length > 0)
    .map(({ name, legs }, index): Forwarder => {
      const placed = legs.map(({ segment, ...leg }) => ({ ...leg, domain: numberOf.get(segment) ?? world }));
      return { vertex: world + 1 + index, name, legs: placed };
    });
  const edges: number[][] = Array.from({ length: world + 1 + forwarders.length }, () => []);
  const join = (one: number, other: number): void => {
    if (edges[one]?.includes(other) === true) return;
    edges[one]?.push(other);
    edges[other]?.push(one);
  };
  for (const { vertex, name, legs } of forwarders) {
    for (const { domain } of legs) join(vertex, domain);
    if (name === 'host') join(vertex, world);
  }
  const foreign = foreignGateways(network);
  const open = domains.filter(({ segments }) => segments.some((segment) => isBridged(segment) || foreign.has(segment.name)));
  for (const { vertex } of open) join(vertex, world);
  const internet = numberOf.get('internet');
  const doors = new Set([...((edges[world]?.length ?? 0) > 0 ? [world] : []), ...(internet === undefined ? [] : [internet])]);
  const vertices = new Map(forwarders.map(({ name, vertex }) => [name, vertex]));
  const everything = [...domains, { vertex: world, segments: [], subnets: [] }];
  return {
    edges,
    domains: everything,
    forwarders,
    domainOf: (segment) => numberOf.get(segment) ?? world,
    forwarderOf: (name) => vertices.get(name),
    doors,
  };
}

function domainsOf({ segments, nodes }: Network) {
  const sets = new DisjointSets();
  for (const { kind, interfaces } of nodes) {
    if (kind !== 'bridge') continue;
    for (const { segment } of interfaces) sets.join(interfaces[0]?.segment ?? segment, segment);
  }
  const joined = groupBy(segments, ({ name }) => sets.rootOf(name));
  const domains = [...joined.values()].map((members, vertex): Domain => {
    const subnets = members.flatMap((segment) => segment.subnets);
    const distinct = subnets.filter((subnet, at) => subnets.findIndex((other) => samePrefix(subnet, other)) === at);
    return { vertex, segments: members, subnets: distinct };
  });
  const numberOf = new Map(domains.flatMap((domain) => domain.segments.map(({ name }) => [name, domain.vertex] as const)));
  return { domains, numberOf };
}

interface NamedLegs {
  readonly name: string;
  readonly legs: readonly { readonly segment: string; readonly device: string; readonly addresses: readonly Address[] }[];
}

const routerLegs = ({ name, interfaces }: Node): NamedLegs => ({
  name,
  legs: interfaces.map(({ segment, device, addresses }) => ({ segment, device, addresses: addresses.map(({ address }) => address) })),
});

function hostLegs({ segments }: Network): NamedLegs {
  const legs = segments.filter(isForwarded).flatMap((segment) => {
    const leg = hostLegOf(segment);
    return leg === undefined ? [] : [{ segment: segment.name, device: leg.device, addresses: leg.addresses.map(({ address }) => address) }];
  });
  return { name: 'host', legs };
}

/** Segments in which a default route leads to somebody who is not in the file. */
function foreignGateways({ nodes, segments }: Network): ReadonlySet<string> {
  const known = new Set<string>();
  const keyOf = ({ family, value }: Address): string => `${family} ${value}`;
  for (const { interfaces } of nodes)
    for (const { addresses } of interfaces) for (const { address } of addresses) known.add(keyOf(address));
  for (const { bridge } of nodes) for (const { address } of bridge?.addresses ?? []) known.add(keyOf(address));
  for (const segment of segments) for (const { address } of hostLegOf(segment)?.addresses ?? []) known.add(keyOf(address));
  const found = new Set<string>();
  for (const { routes, interfaces } of nodes) {
    for (const route of routes) {
      if (route.type !== 'unicast' || route.to.length > 0 || known.has(keyOf(route.via))) continue;
      const own = interfaces.find(({ device }) => device === route.device);
      const segment = segments.find(
        ({ name, subnets }) => name === own?.segment && subnets.some((subnet) => containsAddress(subnet, route.via)),
      );
      if (segment !== undefined) found.add(segment.name);
    }
  }
  return found;
}
