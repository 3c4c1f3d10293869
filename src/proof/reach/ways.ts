/** Routing of one namespace as sets: which packets are its own, and which go to which next hop. */
import type { Family } from '../../address/ip.ts';
import type { ModelRoute, Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import type { End, Space } from './space.ts';

/** Packets to these destinations take this route; its device is absent for `unreachable`. */
interface Way {
  readonly route: ModelRoute;
  readonly to: Node;
}

export interface Routing {
  readonly local: Node;
  /** What is local is in none of them; no two overlap. */
  readonly ways: readonly Way[];
  /** Destinations for which there is no route. */
  readonly none: Node;
}

/** @param end where the address is that they are routed by: answers go to the source of what they answer */
export function routingOf(space: Space, station: Station, family: Family, end: End): Routing {
  const { diagram } = space;
  const { addresses, routes } = station;
  const loopback = space.ranges(end, family, [family === 4 ? { from: 127n << 24n, to: (128n << 24n) - 1n } : { from: 1n, to: 1n }]);
  const own = space.addresses(
    end,
    family,
    addresses.map(({ address }) => address),
  );
  const local = diagram.or(loopback, own);
  // Longest prefix first, as the model has them; those to one next hop are put together.
  const hops = new Map<string, { readonly route: ModelRoute; readonly parts: Node[] }>();
  let taken = local;
  for (const route of routes) {
    if (route.to.family !== family) continue;
    const part = space.prefix(end, route.to);
    const to = diagram.diff(part, taken);
    taken = diagram.or(taken, part);
    if (to === EMPTY) continue;
    const key = `${route.device ?? ''} ${route.via?.value ?? (route.device === undefined ? 'unreachable' : `on-link ${route.to.value}`)} ${route.undecided === true ? `${route.to.value}/${route.to.length}` : ''}`;
    const hop = hops.get(key) ?? { route, parts: [] };
    hops.set(key, hop);
    hop.parts.push(to);
  }
  const ways = [...hops.values()].map(({ route, parts }): Way => ({ route, to: space.keep(union(diagram, parts)) }));
  return { local: space.keep(local), ways, none: space.keep(diagram.not(taken)) };
}
