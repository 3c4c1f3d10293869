/** One packet, from whoever sends it to where it ends, hook by hook. */
import type { Address } from '../../address/ip.ts';
import type { Packet } from '../packet.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import { type Carried, type Network, type Onward, stationAt } from './onward.ts';
import { receive } from './receiving.ts';
import { type Opening, send } from './sending.ts';
import type { Step, Trace } from './step.ts';
import { outerPacket } from './tunnel.ts';

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
function carry(network: Network, { through, packet, then }: Carried, steps: Step[]): Onward {
  const { depth = 0 } = network;
  const { station, tunnel, far } = through;
  const { device, type, id } = tunnel;
  const at = station.namespace;
  if (depth >= DEEPEST) return { ending: { kind: 'hop-limit', at, circle: true }, packet, carried: true };
  steps.push({ kind: 'encapsulated', at, device, type, id });
  const outer = follow({ ...network, depth: depth + 1 }, at, outerPacket(tunnel, far.address));
  steps.push(...outer.steps);
  if (outer.ending.kind !== 'delivered') return { ending: outer.ending, packet, carried: true };
  steps.push({ kind: 'decapsulated', at: far.station.namespace, device: far.device });
  return then();
}
