/** What a namespace does with a packet that comes in by one of its devices. */
import type { Address } from '../../address/ip.ts';
import { HOST } from '../../resource/resource.ts';
import type { Packet } from '../packet.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import { misplaced, stray } from './admission.ts';
import { deliver } from './delivery.ts';
import { CONNTRACK, filter } from './hooks.ts';
import type { Station } from './model.ts';
import { belonging, lost, type Network, type Onward, refused, trackingAt } from './onward.ts';
import { reachesAll, routeTo } from './routing.ts';
import type { Ending, Step } from './step.ts';
import { type TrackedPacket, track } from './tracking.ts';
import { newDestination } from './translating.ts';
import { exceeds, leave, mtuOf, transmit } from './transmit.ts';

/** ip_rcv, ip6_rcv and what follows. */
export function receive(network: Network, station: Station, device: string, arrived: Packet, steps: Step[]): Onward {
  const at = station.namespace;
  const { outDevice: _before, etherSource: _source, etherDestination: _destination, ...rest } = arrived;
  const incoming: Packet = {
    ...rest,
    inDevice: device,
    state: 'invalid',
    dnat: false,
    local: routeTo(station, arrived.destination).kind === 'local',
  };
  const circle = steps.some((step) => step.kind === 'received' && step.at === at && step.device === device);
  steps.push({ kind: 'received', at, device });
  const early = filter(station, 'prerouting', incoming, steps, { to: CONNTRACK });
  if (early !== undefined) return refused(station, early, incoming);
  const tracked = track(trackingAt(network, station), incoming);
  if (station.tables.length > 0) steps.push({ kind: 'tracked', at, state: tracked.packet.state });
  return belonging(receiveTracked(network, station, device, tracked, circle, steps), tracked);
}

function receiveTracked(
  network: Network,
  station: Station,
  device: string,
  tracked: TrackedPacket,
  circle: boolean,
  steps: Step[],
): Onward {
  const at = station.namespace;
  const translated = newDestination(station, 'prerouting', tracked, steps);
  const routing = routeTo(station, translated.destination);
  const packet = { ...translated, local: routing.kind === 'local' };
  const later = filter(station, 'prerouting', packet, steps, { from: CONNTRACK });
  if (later !== undefined) return refused(station, later, packet);
  const end = (ending: Ending): Onward => ({ ending, packet });
  const martian = stray(station, device, packet);
  if (martian !== undefined) return end({ kind: martian, at });
  const wrong = misplaced(station, device, packet);
  if (routing.kind === 'local') return wrong === undefined ? deliver(station, tracked, packet, steps) : end(wrong);
  const what = reachesAll(station, packet.destination);
  if (what !== undefined) return end({ kind: 'to-all', at, what });
  // A host without a route says so of IPv6 even where it is no router (ip6_pkt_discard), of IPv4 it says nothing (ip_error).
  const isLost = routing.kind === 'unreachable' || (routing.kind === 'none' && at !== HOST);
  if (!station.forwards(packet.family)) return end(packet.family === 6 && isLost ? lost(station, routing) : { kind: 'not-forwarded', at });
  if (isLost || routing.kind === 'undecided') return end(lost(station, routing));
  if (wrong !== undefined) return end(wrong);
  if ((packet.hopLimit ?? HOP_LIMIT) <= 1) return end({ kind: 'hop-limit', at, circle });
  const passed = { ...packet, hopLimit: (packet.hopLimit ?? HOP_LIMIT) - 1 };
  if (routing.kind === 'none' || (at === HOST && !station.devices.has(routing.device)))
    return leave(station, tracked, { ...passed, outDevice: routing.kind === 'none' ? '' : routing.device }, steps);
  if (packet.family === 6 && isLinkLocal(packet.source)) return end({ kind: 'beyond-scope', at });
  const mtu = mtuOf(station, routing.device);
  if (exceeds(packet, mtu) && !(packet.family === 4 && packet.fragmentable === true))
    return end({ kind: 'too-big', at, device: routing.device, mtu });
  const leaving = { ...passed, outDevice: routing.device };
  const decision = filter(station, 'forward', leaving, steps);
  if (decision !== undefined) return refused(station, decision, leaving);
  return transmit(network, station, { ...tracked, packet: leaving }, routing, steps);
}

const isLinkLocal = ({ value }: Address): boolean => value >> 118n === 0x3fan;
