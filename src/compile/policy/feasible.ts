/**
 * Which source addresses may come in by an interface.
 *
 * Policy speaks of addresses, so it can be fooled by who puts a false one on his packets. A source is believed where
 * there is some way to it behind the interface that does not lead through this router itself (RFC 8704, feasible
 * path): with several ways between two places, answers may well come back by another one than the routes would take.
 */

import type { Prefix } from '../../address/ip.ts';
import { lastOf } from '../../address/prefix.ts';
import type { Network } from '../../network/network.ts';
import type { Domain, Forwarder, Graph } from './graph.ts';
import { aggregate } from './prefixes.ts';

export interface FeasibleSources {
  readonly device: string;
  readonly prefixes: readonly Prefix[];
  /** Whether all that is in no subnet of the bottle may come in too. */
  readonly outside: boolean;
}

export type SourceCheck = (forwarder: Forwarder) => readonly FeasibleSources[];

export function sourceCheck(network: Network, graph: Graph): SourceCheck {
  const beyond = prefixesBeyond(network, graph);
  return ({ vertex, legs }) => {
    const regions = regionsWithout(graph, vertex);
    return legs.map(({ device, domain }): FeasibleSources => {
      const region = new Set(graph.domains.filter((other) => regions[other.vertex] === regions[domain]).map((other) => other.vertex));
      const inside = graph.domains.filter((other) => region.has(other.vertex)).flatMap(({ subnets }) => subnets);
      const routed = beyond.filter(({ at }) => region.has(at)).map(({ prefix }) => prefix);
      return { device, prefixes: aggregate([...inside, ...routed]), outside: [...graph.doors].some((door) => region.has(door)) };
    });
  };
}

/** Domains with the same number hang together when the vertex is taken away. */
function regionsWithout({ edges }: Pick<Graph, 'edges'>, without: number): readonly number[] {
  const regions = edges.map(() => -1);
  for (const start of edges.keys()) {
    if (start === without || regions[start] !== -1) continue;
    regions[start] = start;
    const queue = [start];
    for (const vertex of queue) {
      for (const next of edges[vertex] ?? []) {
        if (next === without || regions[next] !== -1) continue;
        regions[next] = start;
        queue.push(next);
      }
    }
  }
  return regions;
}

/** Subnets of domains that the world can be in without passing the host: they come in by devices that are not ours. */
export function elsewhere(graph: Graph): readonly Domain[] {
  const regions = regionsWithout(graph, graph.forwarderOf('host') ?? -1);
  const world = graph.domains.at(-1);
  return graph.domains.filter(({ vertex }) => regions[vertex] === regions[world?.vertex ?? -1]);
}

/** What is routed to somebody in a segment, or put on packets there by source NAT, without being in a subnet. */
function prefixesBeyond({ nodes, segments }: Network, graph: Graph): readonly { readonly at: number; readonly prefix: Prefix }[] {
  const routed = nodes.flatMap(({ routes, interfaces }) =>
    routes.flatMap((route) => {
      const own = route.type === 'unicast' && route.to.length > 0 ? interfaces.find(({ device }) => device === route.device) : undefined;
      return own === undefined || isIn(graph, route.to) ? [] : [{ at: graph.domainOf(own.segment), prefix: route.to }];
    }),
  );
  const translations = [...nodes.flatMap(({ nat }) => nat), ...segments.flatMap(({ nat }) => nat ?? [])];
  const translated = translations.flatMap(({ segment, to }) =>
    to.map(({ family, value }) => ({ at: graph.domainOf(segment), prefix: { family, value, length: family === 4 ? 32 : 128 } })),
  );
  return [...routed, ...translated];
}

const isIn = ({ domains }: Graph, { family, value, length }: Prefix): boolean =>
  domains.some(({ subnets }) =>
    subnets.some((subnet) => subnet.family === family && subnet.length <= length && subnet.value <= value && value <= lastOf(subnet)),
  );
