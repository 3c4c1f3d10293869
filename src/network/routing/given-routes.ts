import { formatPrefix } from '../../address/format.ts';
import type { Family, Prefix } from '../../address/ip.ts';
import { samePrefix } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import { readPrefix } from '../addresses/read-address.ts';
import type { Names } from '../names.ts';
import type { HostDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { Hop } from './found-routes.ts';
import { type Asker, type Graphs, readNextHop } from './next-hop.ts';

/** A line of `routes:`, or `gateway:`, in one address family. */
export interface GivenRoute {
  /** Length 0 for the default. */
  readonly to: Prefix;
  readonly hop: Hop | 'none';
  readonly origin: Origin;
}

/** Reads `gateway:` and `routes:` of a node. */
export function readGivenRoutes(node: HostDraft, graphs: Graphs, names: Names, report: Report): readonly GivenRoute[] {
  const lines = Object.entries(node.spec.routes ?? {}).map(([key, value]) => ({ key, value, origin: [...node.origin, 'routes', key] }));
  if (node.spec.gateway !== undefined) lines.unshift({ key: 'default', value: node.spec.gateway, origin: [...node.origin, 'gateway'] });
  if (lines.length === 0) return [];
  const stands = [...graphs[4].standsOf(node.name), ...graphs[6].standsOf(node.name)];
  const asker: Asker = {
    text: `\`${node.name}\``,
    node: node.name,
    domains: [...new Set(stands.map(({ domain }) => domain))].sort((a, b) => a - b),
    segments: node.legs.map(({ segment }) => segment),
  };
  const given: GivenRoute[] = [];
  for (const { key, value, origin } of lines) {
    const destinations = readDestination(key, asker, origin, graphs, names, report);
    const hop = readNextHop(value, asker, origin, graphs, names, report);
    if (destinations === undefined || hop === undefined) continue;
    const fitting = destinations.flatMap((to) => (hop === 'none' ? [{ to, hop, origin }] : joined(to, hop[to.family], origin)));
    if (fitting.length === 0) reportFamilies(key, value, origin, report);
    for (const route of fitting) addRoute(given, route, report);
  }
  return given;
}

function joined(to: Prefix, hop: Hop | undefined, origin: Origin): readonly GivenRoute[] {
  return hop === undefined ? [] : [{ to, hop, origin }];
}

function addRoute(given: GivenRoute[], route: GivenRoute, report: Report): void {
  const first = given.find((other) => samePrefix(other.to, route.to));
  if (first === undefined) {
    given.push(route);
    return;
  }
  const what = route.to.length === 0 ? `two IPv${route.to.family} default routes` : `two routes to \`${formatPrefix(route.to)}\``;
  report.error('route-twice', route.origin, what, {
    at: 'key',
    remedy: 'Leave one out.',
    related: [{ message: 'the first', origin: first.origin, at: 'key' }],
  });
}

function readDestination(
  key: string,
  asker: Asker,
  origin: Origin,
  graphs: Graphs,
  names: Names,
  report: Report,
): readonly Prefix[] | undefined {
  if (key === 'default') return ([4, 6] as const).map((family) => ({ family, value: 0n, length: 0 }));
  if (names.segments.has(key)) {
    const index = graphs[4].indexOf(key) ?? -1;
    if (asker.domains.includes(index)) {
      report.error('route-to-own-network', origin, `${asker.text} is in \`${key}\` itself and needs no route to it`, {
        at: 'key',
        remedy: 'Leave the route out.',
      });
      return undefined;
    }
    return graphs[4].domains[index]?.subnets ?? [];
  }
  if (!/[/:]|^\d/.test(key)) {
    report.error('unknown-destination', origin, `there is no network \`${key}\` to route to`, {
      at: 'key',
      remedy: names.didYouMean(
        key,
        [...names.segments.keys(), 'default'],
        'Write a network, a prefix such as `10.3.0.0/24`, or `default`.',
      ),
    });
    return undefined;
  }
  return readDestinationPrefix(key, asker, origin, graphs, report);
}

function readDestinationPrefix(key: string, asker: Asker, origin: Origin, graphs: Graphs, report: Report): readonly Prefix[] | undefined {
  const to = readPrefix(key, origin, report, 'key');
  if (to === undefined) return undefined;
  const own = asker.domains.find(
    (index) => graphs[to.family].subnets[index] !== undefined && samePrefix(graphs[to.family].subnets[index] as Prefix, to),
  );
  if (own === undefined) return [to];
  report.error('route-to-own-network', origin, `${asker.text} is in \`${key}\` itself and needs no route to it`, {
    at: 'key',
    remedy: 'Leave the route out.',
  });
  return undefined;
}

function reportFamilies(key: string, value: string, origin: Origin, report: Report): void {
  const family: Family = value.includes(':') ? 6 : 4;
  report.error('route-families', origin, `\`${key}\` and \`${value}\` have no address family in common`, {
    remedy: /[.:]/.test(value)
      ? `Write an IPv${family === 4 ? 6 : 4} address, or the name of a router that has one.`
      : 'Give both networks a subnet of the same family.',
  });
}
