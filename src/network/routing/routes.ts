import type { Prefix } from '../../address/ip.ts';
import { comparePrefixes, containsPrefix } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Devices } from '../devices.ts';
import { isForwarded } from '../host-legs.ts';
import type { Leg } from '../legs.ts';
import type { Names } from '../names.ts';
import type { HostDraft, NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import { type FoundRoutes, type Hop, type RouteFinder, routeFinder } from './found-routes.ts';
import { type GivenRoute, readGivenRoutes } from './given-routes.ts';
import { type Graphs, type NextHop, readNextHop } from './next-hop.ts';
import type { StaticRoute, UnicastRoute } from './route.ts';
import type { RoutingGraph, Stand } from './routing-graph.ts';

export interface Routes {
  readonly ofNode: ReadonlyMap<string, readonly StaticRoute[]>;
  /** Of the host's leg in a segment. */
  readonly ofHost: ReadonlyMap<string, readonly UnicastRoute[]>;
}

interface Context {
  readonly graphs: Graphs;
  readonly gateways: Gateways;
  readonly deviceOf: (leg: Leg) => string;
  /** Routers that learn from others what they are not told. */
  readonly learning: ReadonlySet<string>;
}

/** `gateway:` of networks. */
type Gateways = ReadonlyMap<string, { readonly hop: NextHop; readonly origin: Origin }>;

/** Routes to everything that can be reached, in both directions, with the file's own before those found. */
export function assignRoutes(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  graphs: Graphs,
  devices: Devices,
  learning: ReadonlySet<string>,
  names: Names,
  report: Report,
): Routes {
  const context: Context = {
    graphs,
    gateways: readGateways(segments, graphs, names, report),
    deviceOf: (leg) => devices.ofLeg.get(leg) ?? '',
    learning,
  };
  const hosts = nodes.filter((node) => node.kind !== 'bridge');
  const given = new Map(hosts.map((node) => [node.name, readGivenRoutes(node, graphs, names, report)]));
  const ofNode = new Map<string, StaticRoute[]>(hosts.map(({ name }) => [name, []]));
  const ofHost = new Map<string, UnicastRoute[]>();
  for (const family of [4, 6] as const) {
    const graph = graphs[family];
    const finder = routeFinder(graph);
    const tables = tablesOf(graph, finder, context);
    for (const node of hosts) {
      const own = given.get(node.name)?.filter(({ to }) => to.family === family) ?? [];
      ofNode.get(node.name)?.push(...tables(node, own));
    }
    hostRoutes(graph, finder, segments, devices, ofHost);
  }
  return { ofNode, ofHost };
}

function readGateways(segments: readonly SegmentDraft[], graphs: Graphs, names: Names, report: Report): Gateways {
  const gateways = new Map<string, { hop: NextHop; origin: Origin }>();
  for (const { name, spec, origin } of segments) {
    if (!('gateway' in spec) || spec.gateway === undefined) continue;
    const place = [...origin, 'gateway'];
    const asker = { text: `the machines of \`${name}\``, domains: [graphs[4].indexOf(name) ?? -1], segments: [name] };
    const hop = readNextHop(spec.gateway, asker, place, graphs, names, report);
    if (hop !== undefined) gateways.set(name, { hop, origin: place });
  }
  return gateways;
}

/** The routes of a node in one family. Machines that stand in the same places share the search. */
function tablesOf(graph: RoutingGraph, finder: RouteFinder, context: Context) {
  const routerIndex = new Map(graph.routers.map(({ name }, index) => [name, index]));
  const found = new Map<string, FoundRoutes>();
  const minimal = new Map<string, FoundRoutes>();
  return (node: HostDraft, own: readonly GivenRoute[]): readonly StaticRoute[] => {
    const stands = graph.standsOf(node.name);
    const toRoute = routeMaker(graph, stands, context.deviceOf);
    if (node.kind === 'router') {
      const index = routerIndex.get(node.name) ?? -1;
      const routes = context.learning.has(node.name) ? { default: finder.exitOf(index), subnets: [] } : finder.forRouter(index);
      return merge(routes, own, node.origin, toRoute);
    }
    const { defaults, closed } = networkDefault(graph, stands, context.gateways);
    const key = stands.map(({ leg }) => leg.segment).join(' ');
    const routes = remember(found, key, () => finder.forMachine(stands, closed));
    const all =
      defaults === undefined ? own : [...own.filter(({ to }) => to.length > 0), own.find(({ to }) => to.length === 0) ?? defaults];
    // Most machines have no routes of their own, and share what is left of those found.
    const shared = all.length > 0 ? routes : remember(minimal, key, () => minimize(routes.default, routes.subnets));
    return merge(shared, all, node.origin, toRoute);
  };
}

/** Undefined where the hop is in no domain of the node. */
type RouteMaker = (to: Prefix, hop: Hop, origin: Origin, given: boolean) => UnicastRoute | undefined;

function routeMaker(graph: RoutingGraph, stands: readonly Stand[], deviceOf: (leg: Leg) => string): RouteMaker {
  const devices = new Map(
    stands.filter(({ address }) => address.family === graph.family).map(({ domain, leg }) => [domain, deviceOf(leg)]),
  );
  return (to, hop, origin, given) => {
    const device = devices.get(hop.domain);
    return device === undefined ? undefined : { type: 'unicast', to, via: hop.address, device, given, origin };
  };
}

/** `gateway:` of the first of a machine's networks, by name, that has one; and those that say `none`. */
function networkDefault(graph: RoutingGraph, stands: readonly Stand[], gateways: Gateways) {
  const closed = new Set<number>();
  let defaults: GivenRoute | undefined;
  if (gateways.size === 0) return { defaults, closed };
  for (const stand of stands) {
    const gateway = gateways.get(stand.leg.segment);
    if (gateway === undefined) continue;
    if (gateway.hop === 'none') closed.add(stand.domain);
    else {
      const hop = gateway.hop[graph.family];
      const isSelf = hop === undefined || hop.address.value === stand.address.value;
      if (!isSelf && defaults === undefined) defaults = { to: { family: graph.family, value: 0n, length: 0 }, hop, origin: gateway.origin };
    }
  }
  return { defaults, closed };
}

/** The file's routes stand, with all that they cover; the found ones fill the rest. */
function merge(found: FoundRoutes, given: readonly GivenRoute[], origin: Origin, toRoute: RouteMaker): readonly StaticRoute[] {
  const givenDefault = given.find(({ to }) => to.length === 0);
  const main = givenDefault === undefined ? found.default : givenDefault.hop === 'none' ? undefined : givenDefault.hop;
  const narrow = given.filter(({ to }) => to.length > 0);
  const uncovered =
    narrow.length === 0 ? found.subnets : found.subnets.filter(({ to }) => !narrow.some((one) => containsPrefix(one.to, to)));
  const routes: StaticRoute[] = [];
  const add = (route: StaticRoute | undefined): void => {
    if (route !== undefined) routes.push(route);
  };
  if (main !== undefined) add(toRoute(defaultOf(main), main, givenDefault?.origin ?? origin, givenDefault !== undefined));
  for (const { to, hop } of minimize(main, uncovered).subnets) add(toRoute(to, hop, origin, false));
  // What was found is in order already.
  if (narrow.length === 0) return routes;
  for (const { to, hop, origin: place } of narrow) {
    if (hop !== 'none') add(toRoute(to, hop, place, true));
    else if (main !== undefined || narrow.some((other) => other.hop !== 'none' && containsPrefix(other.to, to))) {
      add({ type: 'unreachable', to, given: true, origin: place });
    }
  }
  return routes.toSorted((a, b) => comparePrefixes(a.to, b.to));
}

/** What goes to the same neighbour as the default needs no line of its own. Subnets never overlap, so nothing else changes. */
function minimize(main: Hop | undefined, subnets: FoundRoutes['subnets']): FoundRoutes {
  return { default: main, subnets: main === undefined ? subnets : subnets.filter(({ hop }) => hop.address.value !== main.address.value) };
}

function hostRoutes(
  graph: RoutingGraph,
  finder: RouteFinder,
  segments: readonly SegmentDraft[],
  devices: Devices,
  ofHost: Map<string, UnicastRoute[]>,
): void {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const forwarded = graph.hostStands.filter(({ leg }) => isForwarded(byName.get(leg.segment) as SegmentDraft));
  if (forwarded.length === 0) return;
  const own = new Set(graph.hostStands.map(({ domain }) => graph.subnets[domain]));
  for (const { to, hop } of finder.forHost(forwarded)) {
    const stand = forwarded.find(({ domain }) => domain === hop.domain);
    if (stand === undefined || own.has(to)) continue;
    const { segment, origin } = stand.leg;
    const routes = ofHost.get(segment) ?? [];
    ofHost.set(segment, [
      ...routes,
      { type: 'unicast', to, via: hop.address, device: devices.ofHost.get(segment) ?? '', given: false, origin },
    ]);
  }
}

function defaultOf(hop: Hop): Prefix {
  return { family: hop.address.family, value: 0n, length: 0 };
}

function remember<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = make();
  cache.set(key, value);
  return value;
}
