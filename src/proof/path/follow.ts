/** One packet, from whoever sends it to where it ends, hook by hook. */
import type { Address } from '../../address/ip.ts';
import type { Packet } from '../packet.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import { exchanged } from './exchange.ts';
import type { TunnelEnd } from './model.ts';
import { type Carried, type Network, type Onward, stationAt } from './onward.ts';
import { receive } from './receiving.ts';
import { type Opening, send } from './sending.ts';
import type { Step, Trace } from './step.ts';

export type { Network } from './onward.ts';
export type { Opening } from './sending.ts';

/** A packet that a namespace sends. */
export function follow(network: Network, from: string, opening: Opening): Trace {
  const steps: Step[] = [];
  return toTheEnd(network, send(network, from, opening, steps), steps);
}

/** A packet that comes in by a device, whoever has sent it. */
export function followArrival(network: Network, at: string, device: string, opening: Opening & { readonly source: Address }): Trace {
  const steps: Step[] = [];
  const packet: Packet = { hopLimit: HOP_LIMIT, ...opening, state: 'new', dnat: false, local: false };
  const { steps: taken, ...rest } = toTheEnd(network, receive(network, stationAt(network, at), device, packet, steps), steps);
  return { ...rest, steps: taken.with(0, { kind: 'received', at, device, packet }) };
}

function toTheEnd(network: Network, first: Onward, steps: Step[]): Trace {
  let next = first;
  while (!('ending' in next))
    next = 'through' in next ? carry(network, next, steps) : receive(network, next.station, next.device, next.packet, steps);
  return { steps, ...next };
}

/** Tunnels in tunnels: where the way to the other end leads into the tunnel itself, there is no end to it. */
const DEEPEST = 8;

/** The frame in a packet of its own, through a tunnel; it ends with that where that does not come out. */
function carry(network: Network, { through, packet, belonging, then }: Carried, steps: Step[]): Onward {
  const { depth = 0 } = network;
  const at = through.station.namespace;
  const end = (ending: Trace['ending']): Onward => ({
    ending,
    packet,
    ...(belonging !== undefined && { belonging }),
    // Who knows the MAC address already does not ask.
    carried: packet.etherDestination === undefined ? { asker: at } : {},
  });
  if (depth >= DEEPEST) return end({ kind: 'hop-limit', at, circle: true });
  const inside = { ...network, depth: depth + 1 };
  const carriages = exchanged(network.model, through, packet.isAnswer === true, (from, opening) => follow(inside, from, opening));
  const lost = carriages.find(({ arrived }) => !arrived);
  // The packet takes the way of the question.
  const shown = lost ?? carriages.at(carriages.length > 2 ? -1 : 0);
  if (shown === undefined) throw new Error('nothing was sent through the tunnel');
  const { station, tunnel } = shown.crossing;
  steps.push({ kind: 'encapsulated', at: station.namespace, device: tunnel.device, type: tunnel.type, id: tunnel.id, ...besideOf(tunnel) });
  steps.push(...shown.trace.steps);
  if (lost !== undefined && lost.trace.ending.kind !== 'delivered') return end(lost.trace.ending);
  // To somebody who has no such tunnel.
  if (lost !== undefined)
    return end({ kind: 'nobody-there', at: station.namespace, device: tunnel.device, address: lost.crossing.far.address });
  const { far } = through;
  const taker = far.station.devices.get(far.device)?.tunnel;
  steps.push({ kind: 'decapsulated', at: far.station.namespace, device: far.device, ...besideOf(taker) });
  const next = then();
  return 'through' in next && belonging !== undefined ? { ...next, belonging } : next;
}

const besideOf = (tunnel: TunnelEnd | undefined): { readonly beside?: true } => (tunnel?.beside === true ? { beside: true } : {});
