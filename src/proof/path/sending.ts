/** What a namespace does with a packet of its own. */
import type { Address } from '../../address/ip.ts';
import type { Packet } from '../packet.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import { deliver } from './delivery.ts';
import { CONNTRACK, filter } from './hooks.ts';
import type { Station } from './model.ts';
import { belonging, lost, type Network, type Onward, refused, stationAt, trackingAt } from './onward.ts';
import { errorSourceFor, routeTo, sourceFor } from './routing.ts';
import type { Step } from './step.ts';
import { attach, type Belonging, type TrackedPacket, track } from './tracking.ts';
import { newDestination } from './translating.ts';
import { exceeds, mtuOf, transmit } from './transmit.ts';

export type Opening = Omit<Packet, 'source' | 'state' | 'dnat' | 'local' | 'inDevice' | 'outDevice'> & {
  /** What the routes say unless given. */
  readonly source?: Address;
  /** What a packet belonged to that this one is an error about, or refuses. */
  readonly about?: Belonging;
  /** Of an IPv6 error: the device by which the packet came that it is about. */
  readonly cameBy?: string;
};

/** ip_queue_xmit and what follows. */
export function send(network: Network, from: string, { source: chosen, about, cameBy, ...opening }: Opening, steps: Step[]): Onward {
  const station = stationAt(network, from);
  const { destination } = opening;
  const routing = routeTo(station, destination);
  const fitting = cameBy !== undefined && station.devices.has(cameBy) ? errorSourceFor(station, destination, cameBy) : undefined;
  const source = chosen ?? fitting ?? (routing.kind === 'sent' ? sourceFor(station, destination, routing) : destination);
  const unsent: Packet = { hopLimit: HOP_LIMIT, ...opening, source: source ?? destination, state: 'new', dnat: false, local: false };
  if (routing.kind !== 'sent' && routing.kind !== 'local') return { ending: lost(station, routing), packet: unsent };
  if (source === undefined) return { ending: { kind: 'no-source', at: from }, packet: unsent };
  const outDevice = routing.kind === 'sent' ? routing.device : 'lo';
  const mtu = mtuOf(station, outDevice);
  if (exceeds(unsent, mtu) && unsent.fragmentable !== true)
    return { ending: { kind: 'too-big', at: from, device: outDevice, mtu }, packet: unsent };
  steps.push({ kind: 'sent', at: from, packet: unsent });
  const early = filter(station, 'output', { ...unsent, outDevice }, steps, { to: CONNTRACK });
  if (early !== undefined) return refused(station, early, unsent);
  const outgoing = { ...unsent, outDevice, local: routing.kind === 'local' };
  const tracked = about === undefined ? track(trackingAt(network, station), outgoing) : attach(outgoing, about);
  return belonging(sendTracked(network, station, tracked, outDevice, steps), tracked);
}

function sendTracked(network: Network, station: Station, tracked: TrackedPacket, outDevice: string, steps: Step[]): Onward {
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
