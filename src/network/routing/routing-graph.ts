import type { Address, Family, Prefix } from '../../address/ip.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import { compareText } from '../broadcast-domains.ts';
import type { Leg } from '../legs.ts';
import type { HostDraft, NodeDraft } from '../nodes.ts';

/** Where a node stands in a broadcast domain, in one address family. */
export interface Stand {
  /** Index of the domain. */
  readonly domain: number;
  /** The primary one. */
  readonly address: Address;
  readonly leg: Leg;
}

/** Who touches what, in one address family. Domains and routers are numbered in the order of their names. */
export interface RoutingGraph {
  readonly family: Family;
  readonly domains: readonly BroadcastDomain[];
  /** The subnet of each domain; undefined where it has none of this family. */
  readonly subnets: readonly (Prefix | undefined)[];
  readonly routers: readonly HostDraft[];
  readonly routersIn: readonly (readonly number[])[];
  readonly domainsOf: readonly (readonly number[])[];
  readonly routerAddress: (router: number, domain: number) => Address | undefined;
  /** One in each of the node's domains, by segment name. */
  readonly standsOf: (node: string) => readonly Stand[];
  /** The host's, in forwarded networks too. */
  readonly hostStands: readonly Stand[];
  /** Who has an address. */
  readonly ownerOf: (address: Address) => Leg | undefined;
  readonly indexOf: (segment: string) => number | undefined;
}

export function routingGraph(
  family: Family,
  domains: readonly BroadcastDomain[],
  nodes: readonly NodeDraft[],
  addresses: Addresses,
): RoutingGraph {
  const stands = new Map<string, Stand[]>();
  const hostStands: Stand[] = [];
  const owners = new Map<bigint, Leg>();
  const indexes = new Map<string, number>();
  for (const [index, domain] of domains.entries()) {
    for (const segment of domain.segments) indexes.set(segment.name, index);
    for (const leg of domain.legs) {
      const all = addresses.get(leg)?.filter(({ address }) => address.family === family) ?? [];
      for (const { address } of all) owners.set(address.value, leg);
      const own = all[0]?.address;
      if (own === undefined) continue;
      const stand = { domain: index, address: own, leg };
      if (leg.role === 'host') hostStands.push(stand);
      else if (leg.role === 'interface') addStand(stands, stand);
    }
  }
  const routers = nodes.filter((node): node is HostDraft => node.kind === 'router').toSorted((a, b) => compareText(a.name, b.name));
  const standsOf = (node: string): readonly Stand[] => stands.get(node) ?? [];
  const routersIn = domains.map((): number[] => []);
  const routerAddresses = new Map<number, Address>();
  const domainsOf = routers.map(({ name }, router) =>
    standsOf(name).map(({ domain, address }) => {
      routersIn[domain]?.push(router);
      routerAddresses.set(router * domains.length + domain, address);
      return domain;
    }),
  );
  const subnets = domains.map((domain) => domain.subnets.find((subnet) => subnet.family === family));
  return {
    family,
    domains,
    subnets,
    routers,
    routersIn,
    domainsOf: domainsOf.map((list) => list.toSorted((a, b) => a - b)),
    routerAddress: (router, domain) => routerAddresses.get(router * domains.length + domain),
    standsOf,
    hostStands,
    ownerOf: (address) => (address.family === family ? owners.get(address.value) : undefined),
    indexOf: (segment) => indexes.get(segment),
  };
}

/** One a domain: with two interfaces in joined networks, that of the first network by name. */
function addStand(stands: Map<string, Stand[]>, stand: Stand): void {
  const list = stands.get(stand.leg.node);
  if (list === undefined) {
    stands.set(stand.leg.node, [stand]);
    return;
  }
  const at = list.findIndex(({ domain }) => domain === stand.domain);
  const rival = list[at];
  if (rival === undefined) list.push(stand);
  else if (compareText(stand.leg.segment, rival.leg.segment) < 0) list[at] = stand;
}
