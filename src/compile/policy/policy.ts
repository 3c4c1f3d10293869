/**
 * Policy at every router of the bottle and at the host: who may talk to whom through them, to them and from them.
 *
 * The work per connection does not grow with the lines: a packet that begins one is looked up in a handful of maps.
 */
import type { Prefix } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Policy } from '../../network/policy/policy-line.ts';
import { type Fragment, nothing } from '../fragment.ts';
import type { Said } from './decisions.ts';
import { sourceCheck } from './feasible.ts';
import { flowFinder } from './flows.ts';
import { type Forwarder, graphOf } from './graph.ts';
import type { Spoken } from './here.ts';
import { hostFragment } from './host.ts';
import { endReader } from './parts.ts';
import { pathsOf } from './paths.ts';
import { aggregate } from './prefixes.ts';
import { routerFragment } from './router.ts';

/** The chains and sets of a router by its name, or of `host`. */
export function compilePolicy(network: Network): (name: string) => Fragment {
  const { policy } = network;
  if (policy === undefined) return () => nothing;
  const graph = graphOf(network);
  const spoken = spokenAt(network, policy, graph);
  const feasible = sourceCheck(network, graph);
  const inside = insideOf(network);
  return (name) => {
    const here = { network, policy, inside, graph, feasible, spoken: spoken(name) };
    return name === 'host' ? hostFragment(here) : routerFragment(here, name);
  };
}

/** All subnets but that of a simulated internet. */
export const insideOf = ({ segments }: Network): readonly Prefix[] =>
  aggregate(segments.filter(({ name }) => name !== 'internet').flatMap(({ subnets }) => subnets));

export function spokenAt(network: Network, policy: Policy, graph: ReturnType<typeof graphOf>): (name: string) => Spoken {
  const paths = pathsOf(graph);
  const ends = endReader(network, graph);
  const flows = flowFinder(network, graph, paths, ends);
  const through = new Map<number, Said[]>(graph.forwarders.map(({ vertex }) => [vertex, []]));
  for (const [line, spec] of policy.lines.entries()) {
    for (const { from, to, services, startsInside } of flows.through(spec)) {
      for (const vertex of paths.between(from.at, to.at)) {
        if (vertex === to.at || (vertex === from.at && startsInside !== true)) continue;
        through.get(vertex)?.push({ line, from: from.addresses, to: to.addresses, services });
      }
    }
  }
  return (name) => {
    const forwarder: Forwarder | undefined = graph.forwarders.find((one) => one.name === name);
    const vertex = forwarder?.vertex ?? -1;
    const own = policy.lines.map(({ from, to }) => ({ from: ends.read(from).own(name), to: ends.read(to).own(name) }));
    const into = policy.lines.flatMap((spec, line): readonly Said[] => {
      const to = own[line]?.to ?? 'none';
      if (to === 'none' || to.length === 0) return [];
      return flows
        .into(spec, vertex)
        .map((from) => ({ line, from: from.addresses, to: to === 'all' ? 'any' : to, services: spec.services }));
    });
    const outOf = policy.lines.flatMap((spec, line): readonly Said[] => {
      const from = own[line]?.from ?? 'none';
      if (from === 'none' || from.length === 0) return [];
      return flows
        .outOf(spec, vertex)
        .map(({ to, services }) => ({ line, from: from === 'all' ? 'any' : from, to: to.addresses, services }));
    });
    return { through: through.get(vertex) ?? [], into, outOf };
  };
}
