/** One packet, from whoever sends it to where it ends, hook by hook. */
import type { Address } from '../../address/ip.ts';
import { HOST } from '../../resource/resource.ts';
import type { Packet } from '../packet.ts';
import { CONNTRACK, filter, type Translation, translation } from './hooks.ts';
import type { Model, Station } from './model.ts';
import { isLocal, type Routing, routeTo, sourceFor } from './routing.ts';
import type { Ending, Step, Trace } from './step.ts';
import {
  noteDestination,
  noteSource,
  type TrackedPacket,
  type Tracking,
  track,
  translateDestination,
  translateSource,
} from './tracking.ts';
import { outerPacket } from './tunnel.ts';
import { arrivalOf, type TunnelCrossing } from './wire.ts';

/** The default hop limit of Linux. */
const HOPS = 64;

/** A model with what its namespaces remember of flows: an answer is followed after its question. */
export interface Network {
  readonly model: Model;
  readonly trackings: Map<string, Tracking>;
  /** How many tunnels the packet is in already. */
  readonly depth?: number;
}

/** What is left of a packet after a place: it goes on to another, or has ended. */
type Onward =
  | { readonly ending: Ending; readonly packet: Packet }
  | { readonly station: Station; readonly device: string; readonly packet: Packet };

export type Opening = Omit<Packet, 'source' | 'state' | 'dnat' | 'local' | 'inDevice' | 'outDevice'> & { readonly source?: Address };

export function follow(network: Network, from: string, opening: Opening): Trace {
  const steps: Step[] = [];
  let onward = send(network, from, opening, steps);
  for (let hops = HOPS; 'station' in onward; hops -= 1)
    onward = receive(network, onward.station, onward.device, onward.packet, hops, steps);
  return { steps, ending: onward.ending, packet: onward.packet };
}

function trackingAt({ trackings }: Network, { namespace }: Station): Tracking {
  const tracking = trackings.get(namespace) ?? { flows: [] };
  trackings.set(namespace, tracking);
  return tracking;
}

function stationAt({ model }: Network, namespace: string): Station {
  const station = model.stations.get(namespace);
  if (station === undefined) throw new Error(`there is no namespace ${namespace}`);
  return station;
}

/** ip_queue_xmit and what follows. */
function send(network: Network, from: string, { source: chosen, ...opening }: Opening, steps: Step[]): Onward {
  const station = stationAt(network, from);
  const { destination } = opening;
  const routing = routeTo(station, destination);
  const source = chosen ?? (routing.kind === 'sent' ? sourceFor(station, destination, routing) : destination);
  const unsent: Packet = { ...opening, source: source ?? destination, state: 'new', dnat: false, local: false };
  if (routing.kind !== 'sent' && routing.kind !== 'local') return { ending: lost(station, routing), packet: unsent };
  if (source === undefined) return { ending: { kind: 'no-source', at: from }, packet: unsent };
  const outDevice = routing.kind === 'sent' ? routing.device : 'lo';
  steps.push({ kind: 'sent', at: from, packet: unsent });
  const early = filter(station, 'output', { ...unsent, outDevice }, steps, { to: CONNTRACK });
  if (early !== undefined) return refused(station, early, unsent);
  const tracked = track(trackingAt(network, station), { ...unsent, outDevice, local: routing.kind === 'local' });
  const packet = newDestination(station, 'output', tracked, steps);
  const again = routeTo(station, packet.destination);
  if (again.kind !== 'sent' && again.kind !== 'local') return { ending: lost(station, again), packet };
  // The hook keeps the interface that was chosen first, wherever the packet is sent instead.
  const out = { ...packet, outDevice, local: again.kind === 'local' };
  const decision = filter(station, 'output', out, steps, { from: CONNTRACK });
  if (decision !== undefined) return refused(station, decision, out);
  if (again.kind === 'local') return deliver(station, tracked, { ...out, inDevice: 'lo' }, steps);
  return transmit(network, station, { ...tracked, packet: { ...out, outDevice: again.device } }, again, steps);
}

/** ip_rcv and what follows. */
function receive(network: Network, station: Station, device: string, arrived: Packet, hops: number, steps: Step[]): Onward {
  const { outDevice: _before, ...rest } = arrived;
  const incoming: Packet = {
    ...rest,
    inDevice: device,
    state: 'invalid',
    dnat: false,
    local: routeTo(station, arrived.destination).kind === 'local',
  };
  steps.push({ kind: 'received', at: station.namespace, device });
  const early = filter(station, 'prerouting', incoming, steps, { to: CONNTRACK });
  if (early !== undefined) return refused(station, early, incoming);
  const tracked = track(trackingAt(network, station), incoming);
  if (station.tables.length > 0) steps.push({ kind: 'tracked', at: station.namespace, state: tracked.packet.state });
  const translated = newDestination(station, 'prerouting', tracked, steps);
  const routing = routeTo(station, translated.destination);
  const packet = { ...translated, local: routing.kind === 'local' };
  const later = filter(station, 'prerouting', packet, steps, { from: CONNTRACK });
  if (later !== undefined) return refused(station, later, packet);
  // fib_validate_source; IPv6 does not look.
  if (packet.family === 4 && isLocal(station, packet.source)) return { ending: { kind: 'martian-source', at: station.namespace }, packet };
  if (routing.kind === 'local') return deliver(station, tracked, packet, steps);
  if (!station.forwards(packet.family)) return { ending: { kind: 'not-forwarded', at: station.namespace }, packet };
  if (routing.kind === 'none' && station.namespace === HOST) return leave(station, tracked, packet, steps);
  if (routing.kind !== 'sent') return { ending: lost(station, routing), packet };
  if (hops <= 1) return { ending: { kind: 'hop-limit', at: station.namespace }, packet };
  const leaving = { ...packet, outDevice: routing.device };
  const decision = filter(station, 'forward', leaving, steps);
  if (decision !== undefined) return refused(station, decision, leaving);
  return transmit(network, station, { ...tracked, packet: leaving }, routing, steps);
}

/** By an interface of the host that the file does not know: what comes then is nobody's to say, but the host's rules are. */
function leave(station: Station, tracked: TrackedPacket, packet: Packet, steps: Step[]): Onward {
  const leaving = { ...packet, outDevice: '' };
  for (const hook of ['forward', 'postrouting'] as const) {
    const decision = filter(station, hook, leaving, steps);
    if (decision !== undefined) return refused(station, decision, leaving);
  }
  const asked = tracked.packet.state === 'new' ? translation(station, 'postrouting', leaving) : undefined;
  if (asked !== undefined) steps.push({ kind: 'masqueraded', at: station.namespace, decision: asked.decision });
  return { ending: { kind: 'outside', at: station.namespace }, packet: leaving };
}

function deliver(station: Station, tracked: TrackedPacket, packet: Packet, steps: Step[]): Onward {
  const decision = filter(station, 'input', packet, steps);
  if (decision !== undefined) return refused(station, decision, packet);
  tracked.flow.confirmed = true;
  return { ending: { kind: 'delivered', at: station.namespace, listener: listenerOf(station, packet) }, packet };
}

/** ip_output: the hook postrouting, and the wire. */
function transmit(
  network: Network,
  station: Station,
  tracked: TrackedPacket,
  sent: Extract<Routing, { kind: 'sent' }>,
  steps: Step[],
): Onward {
  steps.push({ kind: 'routed', at: station.namespace, route: sent.route });
  const decision = filter(station, 'postrouting', tracked.packet, steps);
  if (decision !== undefined) return refused(station, decision, tracked.packet);
  const packet = newSource(station, tracked, sent, steps);
  tracked.flow.confirmed = true;
  const next = sent.route.via ?? packet.destination;
  const arrival = arrivalOf(network.model, station, sent.device, next);
  if (arrival === undefined) return { ending: { kind: 'nobody-there', at: station.namespace, device: sent.device, address: next }, packet };
  for (const crossing of arrival.crossings) {
    if (crossing.kind === 'tunnel') {
      const lost = carry(network, crossing, steps);
      if (lost !== undefined) return { ending: lost, packet };
      continue;
    }
    const { station: place, bridge, inPort, outPort } = crossing;
    steps.push({ kind: 'bridged', at: place.namespace, bridge, inPort, outPort });
    const framed = { ...packet, inDevice: inPort, ...macsOf(station, sent.device, arrival) };
    for (const hook of ['prerouting', outPort === undefined ? 'input' : 'forward'] as const) {
      const stopped = filter(
        place,
        hook,
        { ...framed, ...(outPort !== undefined && hook === 'forward' && { outDevice: outPort }) },
        steps,
        { bridge: true },
      );
      if (stopped !== undefined) return refused(place, stopped, packet);
    }
  }
  return { station: arrival.station, device: arrival.device, packet };
}

/** Tunnels in tunnels: where the way to the other end leads into the tunnel itself, there is no end to it. */
const DEEPEST = 8;

/** The frame in a packet of its own, through a tunnel; gives how it ended where it did not come out. */
function carry(network: Network, { station, tunnel, far }: TunnelCrossing, steps: Step[]): Ending | undefined {
  const { depth = 0 } = network;
  const { device, type, id } = tunnel;
  if (depth >= DEEPEST) return { kind: 'hop-limit', at: station.namespace };
  steps.push({ kind: 'encapsulated', at: station.namespace, device, type, id });
  const outer = follow({ ...network, depth: depth + 1 }, station.namespace, outerPacket(tunnel, far.address));
  steps.push(...outer.steps);
  if (outer.ending.kind !== 'delivered') return outer.ending;
  steps.push({ kind: 'decapsulated', at: far.station.namespace, device: far.device });
  return undefined;
}

const macsOf = (station: Station, device: string, arrival: { readonly station: Station; readonly device: string }) => ({
  etherSource: station.devices.get(device)?.mac ?? '',
  etherDestination: arrival.station.devices.get(arrival.device)?.mac ?? '',
});

function newDestination(station: Station, hook: 'prerouting' | 'output', tracked: TrackedPacket, steps: Step[]): Packet {
  const { packet, flow, direction } = tracked;
  const asked = packet.state === 'new' && direction === 'original' ? translation(station, hook, packet) : undefined;
  if (asked?.address !== undefined) noteDestination(flow, asked.address, asked.port);
  const after = translateDestination(tracked);
  noteTranslation(station, 'destination', packet, after, asked, steps);
  return after;
}

function newSource(station: Station, tracked: TrackedPacket, { device, route }: Extract<Routing, { kind: 'sent' }>, steps: Step[]): Packet {
  const { packet, flow, direction } = tracked;
  const asked = packet.state === 'new' && direction === 'original' ? translation(station, 'postrouting', packet) : undefined;
  const address = asked === undefined ? undefined : (asked.address ?? sourceFor(station, packet.destination, { device, route }));
  if (address !== undefined) noteSource(flow, address);
  const after = translateSource(tracked);
  noteTranslation(station, 'source', packet, after, asked, steps);
  return after;
}

function noteTranslation(
  { namespace }: Station,
  what: 'source' | 'destination',
  before: Packet,
  after: Packet,
  asked: Translation | undefined,
  steps: Step[],
): void {
  if (after[what].value === before[what].value && after[`${what}Port`] === before[`${what}Port`]) return;
  steps.push({ kind: 'translated', at: namespace, what, before, after, ...(asked !== undefined && { decision: asked.decision }) });
}

function listenerOf({ listeners, hasPrograms }: Station, { protocol, destinationPort, icmpType }: Packet) {
  if (icmpType !== undefined) return 'echo' as const;
  const name = protocol === 6 ? 'tcp' : 'udp';
  if (listeners.some((one) => one.protocol === name && one.port === destinationPort)) return 'built-in' as const;
  return hasPrograms ? ('perhaps a program' as const) : ('nobody' as const);
}

const refused = (station: Station, decision: Extract<Ending, { kind: 'dropped' | 'rejected' }>['decision'], packet: Packet): Onward => ({
  ending: { kind: decision.verdict === 'reject' ? 'rejected' : 'dropped', at: station.namespace, decision },
  packet,
});

function lost(station: Station, routing: Routing): Ending {
  if (routing.kind === 'unreachable') return { kind: 'unreachable', at: station.namespace, route: routing.route.route };
  return { kind: station.namespace === HOST ? 'outside' : 'no-route', at: station.namespace };
}
