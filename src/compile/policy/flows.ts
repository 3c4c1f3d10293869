/**
 * What the routers see of a line: the addresses and ports of its packets, and between which places they pass.
 *
 * NAT on the way makes more of a line that allows. Behind a router that changes the source, later ones see its address;
 * before the router of a forward, others see the public address and port.
 */
import type { Address, Prefix } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { Forward, SourceNat } from '../../network/nat/translation.ts';
import type { Network } from '../../network/network.ts';
import type { PolicyLine } from '../../network/policy/policy-line.ts';
import type { PortRange, Service } from '../../network/service.ts';
import type { Graph } from './graph.ts';
import { type Addresses, type EndReader, hostPrefix, type Meaning, type Part } from './parts.ts';
import type { Paths } from './paths.ts';

interface Flow {
  readonly from: Part;
  readonly to: Part;
  readonly services: readonly Service[] | 'any';
  /** Whether the forwarder at the start passes it on too: that is where a forward has changed its destination. */
  readonly startsInside?: boolean;
}

export interface FlowFinder {
  /** Of packets that are passed on. */
  readonly through: (line: PolicyLine) => readonly Flow[];
  /** Of packets to the forwarder itself: sources alone. */
  readonly into: (line: PolicyLine, forwarder: number) => readonly Part[];
  /** Of packets from the forwarder itself: destinations alone. */
  readonly outOf: (line: PolicyLine, forwarder: number) => readonly Pick<Flow, 'to' | 'services'>[];
}

/** Somebody who gives packets that leave into `into` the source `prefixes`. */
interface Translation {
  readonly at: number;
  readonly into: number;
  /** For the host: only what comes from there. */
  readonly of?: number;
  readonly prefixes: readonly Prefix[];
}

interface PlacedForward extends Forward {
  readonly vertex: number | undefined;
  readonly publicParts: readonly Prefix[];
  readonly ownPrefixes: readonly Prefix[];
  readonly target: readonly Part[];
}

export function flowFinder(network: Network, graph: Graph, paths: Paths, ends: EndReader): FlowFinder {
  const translations = translationsOf(network, graph);
  const forwards = network.forwards.map((forward) => placed(forward, graph, ends));
  const between = (from: number | 'any', to: number | 'any'): ReadonlySet<number> => paths.between(from, to);

  /** The sources under which packets from a part may arrive at a place, as routers have changed them on the way. */
  function sourcesSeen(from: Part, to: number | 'any'): readonly Part[] {
    if (from.addresses === 'any') return [from];
    const seen: Part[] = [from];
    for (const { at, into, of, prefixes } of translations) {
      if (at === from.at || at === to || (of !== undefined && !comesFrom(from.at, of, at))) continue;
      if (between(from.at, into).has(at) && between(from.at, to).has(at)) seen.push({ at: into, addresses: prefixes });
    }
    return seen;
  }

  const comesFrom = (from: number | 'any', of: number, at: number): boolean => from === 'any' || from === of || !between(from, of).has(at);

  function through(line: PolicyLine): readonly Flow[] {
    const { services } = line;
    const sources = ends.read(line.from).parts;
    const meaning = ends.read(line.to);
    const allows = line.action === 'allow';
    const flows = sources.flatMap((from) =>
      meaning.parts.flatMap((to): readonly Flow[] =>
        (allows ? sourcesSeen(from, to.at) : [from]).map((seen) => ({ from: seen, to, services })),
      ),
    );
    if (forwards.length === 0) return flows;
    return [...flows, ...forwards.flatMap((forward) => forwarded(forward, line, sources, meaning))];
  }

  /** A forward on the way: to its public address up to its router, which then passes on what has the address of the machine. */
  function forwarded(forward: PlacedForward, line: PolicyLine, sources: readonly Part[], meaning: Meaning): readonly Flow[] {
    const { vertex, target, publicParts, ownPrefixes } = forward;
    const services = publicServices(line.services, forward);
    if (services.length === 0 || vertex === undefined || !speaksOf(meaning, forward)) return [];
    const allows = line.action === 'allow';
    const inside: readonly Service[] = services.map(({ service }) => service);
    const seen = allows ? sources.flatMap((from) => sourcesSeen(from, vertex)) : sources;
    const after = seen.flatMap(({ addresses, at }) =>
      target.map((to): Flow => ({ from: { at: vertex, addresses }, to, services: inside, startsInside: at !== vertex })),
    );
    if (!allows) return after;
    const publicOnes = services.map((one) => one.public);
    const before = seen.map((from): Flow => ({ from, to: { at: vertex, addresses: publicParts }, services: publicOnes }));
    // What turns round at its router gets the router's own address, or the answers would pass it by.
    const turned = target
      .filter(({ at }) => sources.some((from) => !between(from.at, at).has(vertex)))
      .map((to): Flow => ({ from: { at: vertex, addresses: ownPrefixes }, to, services: inside }));
    return [...before, ...after, ...turned];
  }

  return {
    through,
    into: (line, forwarder) =>
      ends.read(line.from).parts.flatMap((from) => (line.action === 'allow' ? sourcesSeen(from, forwarder) : [from])),
    outOf: (line, forwarder) => {
      const { services } = line;
      const meaning = ends.read(line.to);
      const flows = meaning.parts.map((to) => ({ to, services }));
      if (line.action !== 'allow') return flows;
      const publicly = forwards
        .filter((forward) => forward.vertex !== forwarder && speaksOf(meaning, forward))
        .map((forward) => ({
          to: { at: forward.vertex ?? 'any', addresses: forward.publicParts } as const,
          services: publicServices(services, forward).map((one) => one.public),
        }));
      return [...flows, ...publicly.filter((one) => one.services.length > 0)];
    },
  };
}

function translationsOf({ nodes, segments }: Network, graph: Graph): readonly Translation[] {
  const byRouter = nodes.flatMap(({ name, nat }) => {
    const at = graph.forwarderOf(name);
    return at === undefined ? [] : nat.flatMap((one) => translation(graph, at, one));
  });
  const host = graph.forwarderOf('host');
  if (host === undefined) return byRouter;
  // The host changes what comes from a `nat` network, wherever it goes.
  const others = graph.forwarders.find(({ vertex }) => vertex === host)?.legs ?? [];
  const byHost = segments.flatMap(({ name, nat }) => {
    if (nat === undefined) return [];
    const of = graph.domainOf(name);
    return others
      .filter(({ domain }) => domain !== of)
      .flatMap((leg) => ({ at: host, into: leg.domain, of, prefixes: given(nat.to, leg.addresses) }));
  });
  return [...byRouter, ...byHost];
}

function translation(graph: Graph, at: number, { segment, to }: SourceNat): readonly Translation[] {
  const into = graph.domainOf(segment);
  const leg = graph.forwarders.find(({ vertex }) => vertex === at)?.legs.find(({ domain }) => domain === into);
  return leg === undefined ? [] : [{ at, into, prefixes: given(to, leg.addresses) }];
}

/** The address that the file gives for a family, or those of the interface. */
const given = (to: readonly Address[], own: readonly Address[]): readonly Prefix[] =>
  ([4, 6] as const).flatMap((family) => {
    const named = to.filter((one) => one.family === family);
    return (named.length > 0 ? named : own.filter((one) => one.family === family)).map(hostPrefix);
  });

function placed(forward: Forward, graph: Graph, ends: EndReader): PlacedForward {
  const legs = graph.forwarders.find(({ name }) => name === forward.at)?.legs ?? [];
  const own = legs.flatMap(({ addresses }) => addresses);
  const { node } = forward.to;
  const target = ends.read({ kind: 'nodes', text: node, members: [node], nodes: [node] }).parts;
  const reached = target
    .map(({ at, addresses }) => ({
      at,
      addresses: Array.isArray(addresses) ? addresses.filter((one: Prefix) => isTarget(forward, one)) : [],
    }))
    .filter(({ addresses }) => addresses.length > 0);
  const families = new Set(forward.to.addresses.map(({ family }) => family));
  return {
    ...forward,
    vertex: graph.forwarderOf(forward.at),
    publicParts: (forward.addresses.length > 0 ? forward.addresses : own).filter(({ family }) => families.has(family)).map(hostPrefix),
    ownPrefixes: own.filter(({ family }) => families.has(family)).map(hostPrefix),
    target: reached,
  };
}

const isTarget = ({ to }: Forward, { family, value }: Prefix): boolean =>
  to.addresses.some((address) => address.family === family && address.value === value);

const speaksOf = ({ parts }: Meaning, { to }: Forward): boolean =>
  parts.some(
    ({ addresses }) => addresses === 'any' || (addresses !== 'outside' && to.addresses.some((address) => holds(addresses, address))),
  );

const holds = (addresses: Exclude<Addresses, string>, address: Address): boolean =>
  addresses.some((prefix) => containsAddress(prefix, address));

/** The line's services that the forward leads on, as they are behind it and before it. */
function publicServices(services: readonly Service[] | 'any', { protocol, ports, to, text }: Forward) {
  const wanted: readonly (PortRange | undefined)[] =
    services === 'any' ? [to.ports] : services.filter((service) => service.protocol === protocol).map((service) => service.ports);
  return wanted.flatMap((range) => {
    if (range === undefined) return [];
    const from = Math.max(range.from, to.ports.from);
    const last = Math.min(range.to, to.ports.to);
    if (from > last) return [];
    const shift = ports.from - to.ports.from;
    const service: Service = { protocol, ports: { from, to: last }, name: text };
    return [{ service, public: { ...service, ports: { from: from + shift, to: last + shift } } }];
  });
}
