import type { Address } from '../address/ip.ts';
import { parseAddress } from '../address/parse.ts';
import { containsAddress } from '../address/prefix.ts';
import { isForwarded } from './host-legs.ts';
import type { RoutingGraph } from './routing/routing-graph.ts';

/** The domains through which everything unknown is reached, with whom to send it to there. */
export interface Outside {
  readonly domains: readonly number[];
  /** Undefined for a simulated `internet`, which is the outside itself. */
  readonly via: (domain: number) => Address | undefined;
}

/**
 * `nat` and `routed` networks, by the host; networks whose `gateway:` is an address of nobody in the file,
 * such as the router of a real network they are joined with; else the network called `internet`.
 */
export function findOutside(graph: RoutingGraph): Outside {
  const gateways = new Map<number, Address>();
  for (const [index, domain] of graph.domains.entries()) {
    const foreign = domain.segments.map((segment) => foreignGateway(graph, index, segment.spec)).find((address) => address !== undefined);
    if (foreign !== undefined) gateways.set(index, foreign);
  }
  for (const { domain, leg, address } of graph.hostStands) {
    const segment = graph.domains[domain]?.segments.find(({ name }) => name === leg.segment);
    if (segment !== undefined && isForwarded(segment)) gateways.set(domain, address);
  }
  if (gateways.size > 0) return { domains: [...gateways.keys()], via: (domain) => gateways.get(domain) };
  const internet = graph.indexOf('internet');
  const exists = internet !== undefined && graph.subnets[internet] !== undefined;
  return { domains: exists ? [internet] : [], via: () => undefined };
}

function foreignGateway(graph: RoutingGraph, domain: number, spec: object): Address | undefined {
  const text = 'gateway' in spec && typeof spec.gateway === 'string' ? spec.gateway : '';
  const parsed = parseAddress(text);
  const subnet = graph.subnets[domain];
  if (!parsed.ok || subnet === undefined || !containsAddress(subnet, parsed.value)) return undefined;
  return graph.ownerOf(parsed.value) === undefined ? parsed.value : undefined;
}
