import type { Address } from '../address/ip.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Addresses } from './addresses/addresses.ts';
import { looksLikeAddress, readAddress } from './addresses/read-address.ts';
import type { Names } from './names.ts';
import type { Resolver } from './network.ts';
import type { NodeDraft } from './nodes.ts';
import { placesOf } from './one-or-more.ts';
import type { Report } from './report.ts';
import type { Graphs } from './routing/next-hop.ts';
import type { RoutingGraph } from './routing/routing-graph.ts';
import { shortestPaths } from './routing/shortest-paths.ts';
import type { SegmentDraft } from './segments.ts';

/** resolv.conf(5): the C library reads the first three. */
const MOST_SERVERS = 3;

/** Whom each node asks for names: its own `dns:`, else its networks', else whom the host asks if it can get there. */
export function assignResolvers(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  addresses: Addresses,
  graphs: Graphs,
  names: Names,
  report: Report,
): ReadonlyMap<string, Resolver> {
  const owned = new Map(
    nodes.map((node) => [node.name, (node.kind === 'bridge' ? [node.own] : node.legs).flatMap((leg) => (leg && addresses.get(leg)) ?? [])]),
  );
  const read = (spec: string | readonly string[] | undefined, origin: Origin): readonly Address[] => {
    const servers = placesOf(spec, origin).flatMap(({ text, place }) => {
      if (!looksLikeAddress(text)) {
        const node = owned.get(text);
        if (node !== undefined) return node.map(({ address }) => address);
        report.error('unknown-name-server', place, `\`${text}\` is neither an address nor a machine`, {
          remedy: names.didYouMean(text, names.nodes.keys(), 'Write an address such as `10.3.0.53`, or the name of a machine.'),
        });
        return [];
      }
      return readAddress(text, place, report) ?? [];
    });
    if (servers.length > MOST_SERVERS) {
      report.warn('many-name-servers', origin, `${servers.length} name servers; programs ask the first ${MOST_SERVERS} only`, {
        remedy: `Leave ${MOST_SERVERS}.`,
      });
    }
    return servers;
  };
  const ofSegment = new Map(segments.map(({ name, spec, origin }) => [name, 'dns' in spec ? read(spec.dns, [...origin, 'dns']) : []]));
  const domainOf = new Map(segments.map(({ name, domain }) => [name, domain]));
  const reachesHost = natReach(graphs);
  return new Map(
    nodes.map((node) => {
      const mine = node.kind === 'bridge' ? [] : read(node.spec.dns, [...node.origin, 'dns']);
      const servers = mine.length > 0 ? mine : uniqueAddresses(node.legs.flatMap(({ segment }) => ofSegment.get(segment) ?? []));
      const search = [...new Set(node.legs.map(({ segment }) => domainOf.get(segment) ?? ''))];
      return [
        node.name,
        { servers, search, host: servers.length === 0 && node.kind !== 'bridge' && node.legs.some(({ segment }) => reachesHost(segment)) },
      ];
    }),
  );
}

function uniqueAddresses(addresses: readonly Address[]): readonly Address[] {
  return addresses.filter(
    (one, index) => addresses.findIndex((other) => other.family === one.family && other.value === one.value) === index,
  );
}

/** Whether a `nat` network can be reached from a segment, in either family. */
function natReach(graphs: Graphs): (segment: string) => boolean {
  const reach = ([4, 6] as const).map((family) => {
    const graph = graphs[family];
    const targets = natDomains(graph);
    const paths = shortestPaths(graph, targets);
    return (segment: string) => (paths.domainDistance[graph.indexOf(segment) ?? -1] ?? -1) >= 0;
  });
  return (segment) => reach.some((of) => of(segment));
}

function natDomains(graph: RoutingGraph): readonly number[] {
  return graph.domains.flatMap(({ segments }, index) =>
    graph.subnets[index] !== undefined && segments.some(({ mode }) => mode.kind === 'nat') ? [index] : [],
  );
}
