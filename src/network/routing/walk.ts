import type { Address, Family } from '../../address/ip.ts';
import { bitsOf } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../network.ts';
import { addressesOf, type OwnAddress } from '../station.ts';
import type { LearnedRoute, StaticRoute } from './route.ts';

/** How a packet fares, router by router. */
export interface Walk {
  readonly outcome: 'delivered' | 'no-route' | 'unreachable' | 'nobody-there' | 'not-forwarded' | 'loop';
  /** Those that it passes between source and destination; `host` for the host. */
  readonly routers: readonly string[];
  /** The segments that it crosses, in order. */
  readonly segments: readonly string[];
  /** Where it ended: the destination, or who could not send it on. */
  readonly at: string;
  /** The routes of the file that it followed. */
  readonly given: readonly Origin[];
}

export interface Walker {
  /** @param from a node's name */
  readonly walk: (from: string, to: Address) => Walk;
}

/** More hops than IPv4 and IPv6 packets may make by default. */
const MOST_HOPS = 64;

interface Step {
  /** Undefined where the destination is in the segment. */
  readonly via?: Address;
  readonly segment: string;
  readonly given?: Origin;
  readonly unreachable?: true;
}

interface Table {
  readonly lookup: (to: Address) => Step | undefined;
  readonly forwards: boolean;
}

/** Sends packets along the routes of a network, as a kernel would with no filter in the way. */
export function createWalker(network: Network): Walker {
  const index = lazy(() => indexOf(network));
  return { walk: (from, to) => walk(index(), from, to) };
}

/** Who has which address, and where everybody sends what. */
interface Index {
  readonly owners: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, () => Table>;
}

function walk({ owners, tables }: Index, from: string, to: Address): Walk {
  const routers: string[] = [];
  const segments: string[] = [];
  const given: Origin[] = [];
  const seen = new Set<string>();
  const end = (outcome: Walk['outcome'], at: string): Walk => ({ outcome, routers, segments, at, given });
  const goal = owners.get(keyOf(to));
  for (let at = from; ; ) {
    if (goal === at) return end('delivered', at);
    const table = tables.get(at)?.();
    if (table === undefined) return end('no-route', at);
    if (at !== from) {
      if (!table.forwards) return end('not-forwarded', at);
      if (seen.has(at) || routers.length >= MOST_HOPS) return end('loop', at);
      seen.add(at);
      routers.push(at);
    }
    const step = table.lookup(to);
    if (step === undefined) return end('no-route', at);
    if (step.given !== undefined) given.push(step.given);
    if (step.unreachable === true) return end('unreachable', at);
    segments.push(step.segment);
    const next = owners.get(keyOf(step.via ?? to));
    if (next === undefined) return end('nobody-there', at);
    at = next;
  }
}

function indexOf(network: Network): Index {
  const owners = new Map<string, string>();
  const tables = new Map<string, () => Table>();
  for (const node of network.nodes) {
    const own = addressesOf(node);
    for (const { address } of own) owners.set(keyOf(address), node.name);
    const segmentOf = (device: string) => node.interfaces.find((one) => one.device === device)?.segment ?? '';
    tables.set(
      node.name,
      lazy(() => tableOf(own, [...node.routes, ...node.learned.flatMap(firstHop)], segmentOf, node.kind === 'router')),
    );
  }
  tables.set(
    'host',
    lazy(() => hostTable(network)),
  );
  for (const { attachment } of network.segments) {
    if ('host' in attachment) for (const { address } of attachment.host.addresses) owners.set(keyOf(address), 'host');
  }
  return { owners, tables };
}

/** Of several equally good ones. */
const firstHop = ({ to, hops: [hop] }: LearnedRoute): readonly StaticRoute[] =>
  hop === undefined ? [] : [{ type: 'unicast', to, ...hop, given: false, origin: [] }];

/** The host forwards between its `nat` and `routed` networks. */
function hostTable(network: Network): Table {
  const legs = network.segments.flatMap(({ name, attachment }) =>
    'host' in attachment && attachment.mode !== 'host-only' ? [{ name, host: attachment.host }] : [],
  );
  const own = legs.flatMap(({ name, host }) => host.addresses.map((one) => ({ ...one, segment: name })));
  const segmentOf = (device: string) => legs.find(({ host }) => host.device === device)?.name ?? '';
  return tableOf(
    own,
    legs.flatMap(({ host }) => host.routes),
    segmentOf,
    true,
  );
}

/** Longest prefix match: a map a prefix length. */
function tableOf(
  own: readonly OwnAddress[],
  routes: readonly StaticRoute[],
  segmentOf: (device: string) => string,
  forwards: boolean,
): Table {
  const levels = new Map<string, Map<bigint, Step>>();
  const put = (family: Family, length: number, value: bigint, step: Step) => {
    const level = levels.get(`${family}/${length}`) ?? new Map<bigint, Step>();
    levels.set(`${family}/${length}`, level);
    const shift = BigInt(bitsOf(family) - length);
    if (!level.has(value >> shift)) level.set(value >> shift, step);
  };
  for (const { address, prefixLength, segment } of own) put(address.family, prefixLength, address.value, { segment });
  for (const route of routes) {
    const given = route.given ? { given: route.origin } : {};
    const step: Step =
      route.type === 'unreachable'
        ? { segment: '', unreachable: true, ...given }
        : { via: route.via, segment: segmentOf(route.device), ...given };
    put(route.to.family, route.to.length, route.to.value, step);
  }
  const lengths = (family: Family) =>
    [...levels.keys()]
      .filter((key) => key.startsWith(`${family}/`))
      .map((key) => Number(key.slice(2)))
      .sort((a, b) => b - a);
  const sorted = { 4: lengths(4), 6: lengths(6) };
  return {
    forwards,
    lookup(to) {
      for (const length of sorted[to.family]) {
        const step = levels.get(`${to.family}/${length}`)?.get(to.value >> BigInt(bitsOf(to.family) - length));
        if (step !== undefined) return step;
      }
      return undefined;
    },
  };
}

function keyOf(address: Address): string {
  return `${address.family}/${address.value}`;
}

function lazy<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
