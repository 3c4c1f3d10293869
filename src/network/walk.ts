import type { Address, Family } from '../address/ip.ts';
import { bitsOf } from '../address/prefix.ts';
import type { Network, StaticRoute } from './network.ts';

/** How a packet fares, router by router. */
export interface Walk {
  readonly outcome: 'delivered' | 'no-route' | 'unreachable' | 'nobody-there' | 'not-forwarded' | 'loop';
  /** Those that it passes between source and destination; `host` for the host. */
  readonly routers: readonly string[];
  /** The segments that it crosses, in order. */
  readonly segments: readonly string[];
  /** Where it ended: the destination, or who could not send it on. */
  readonly at: string;
}

export interface Walker {
  /** @param from a node's name */
  readonly walk: (from: string, to: Address) => Walk;
}

/** More hops than IPv4 and IPv6 packets may make by default. */
const MOST_HOPS = 64;

interface Step {
  readonly via: Address | undefined;
  readonly segment: string;
}

interface Table {
  readonly lookup: (to: Address) => Step | 'unreachable' | undefined;
  readonly forwards: boolean;
}

/** Sends packets along the routes of a network, as a kernel would with no filter in the way. */
export function createWalker(network: Network): Walker {
  const owners = new Map<string, string>();
  const tables = new Map<string, () => Table>();
  for (const node of network.nodes) {
    const devices = new Map(node.interfaces.map(({ device, segment }) => [device, segment]));
    const own = node.interfaces.flatMap(({ addresses, segment }) => addresses.map((one) => ({ ...one, segment })));
    for (const one of node.bridge?.addresses ?? []) own.push({ ...one, segment: node.interfaces[0]?.segment ?? '' });
    for (const { address } of own) owners.set(keyOf(address), node.name);
    tables.set(node.name, lazy(() => tableOf(own, node.routes, (device) => devices.get(device) ?? '', node.kind === 'router')));
  }
  const legs = network.segments.flatMap(({ name, attachment }) => ('host' in attachment ? [{ name, mode: attachment.mode, host: attachment.host }] : []));
  const forwarded = legs.filter(({ mode }) => mode !== 'host-only');
  for (const { host } of legs) for (const { address } of host.addresses) owners.set(keyOf(address), 'host');
  const segmentOf = new Map(legs.map(({ name, host }) => [host.device, name]));
  const hostAddresses = forwarded.flatMap(({ name, host }) => host.addresses.map((one) => ({ ...one, segment: name })));
  const hostRoutes = forwarded.flatMap(({ host }) => host.routes);
  tables.set('host', lazy(() => tableOf(hostAddresses, hostRoutes, (device) => segmentOf.get(device) ?? '', true)));

  return {
    walk(from, to) {
      const routers: string[] = [];
      const segments: string[] = [];
      const seen = new Set<string>();
      const end = (outcome: Walk['outcome'], at: string): Walk => ({ outcome, routers, segments, at });
      for (let at = from; ; ) {
        const table = tables.get(at)?.();
        if (owners.get(keyOf(to)) === at) return end('delivered', at);
        if (table === undefined) return end('no-route', at);
        if (at !== from) {
          if (!table.forwards) return end('not-forwarded', at);
          if (seen.has(at) || routers.length >= MOST_HOPS) return end('loop', at);
          seen.add(at);
          routers.push(at);
        }
        const step = table.lookup(to);
        if (step === undefined) return end('no-route', at);
        if (step === 'unreachable') return end('unreachable', at);
        segments.push(step.segment);
        const next = owners.get(keyOf(step.via ?? to));
        if (next === undefined) return end('nobody-there', at);
        at = next;
      }
    },
  };
}

type OwnAddress = Network['nodes'][number]['interfaces'][number]['addresses'][number] & { readonly segment: string };

/** Longest prefix match: a map a prefix length. */
function tableOf(own: readonly OwnAddress[], routes: readonly StaticRoute[], segmentOf: (device: string) => string, forwards: boolean): Table {
  const levels = new Map<string, Map<bigint, Step | 'unreachable'>>();
  const put = (family: Family, length: number, value: bigint, step: Step | 'unreachable') => {
    const level = levels.get(`${family}/${length}`) ?? new Map<bigint, Step | 'unreachable'>();
    levels.set(`${family}/${length}`, level);
    const shift = BigInt(bitsOf(family) - length);
    if (!level.has(value >> shift)) level.set(value >> shift, step);
  };
  for (const { address, prefixLength, segment } of own) put(address.family, prefixLength, address.value, { via: undefined, segment });
  for (const route of routes) {
    put(route.to.family, route.to.length, route.to.value, route.type === 'unreachable' ? 'unreachable' : { via: route.via, segment: segmentOf(route.device) });
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
