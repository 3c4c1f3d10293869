import { HOST } from '../../resource/resource.ts';
import type { Decision } from '../evaluate.ts';
import type { Packet } from '../packet.ts';
import type { Model, Station } from './model.ts';
import type { Routing } from './routing.ts';
import type { Ending, Trace } from './step.ts';
import type { Belonging, TrackedPacket, Tracking } from './tracking.ts';
import type { TunnelCrossing } from './wire.ts';

/** A model with what its namespaces remember of flows: an answer is followed after its question. */
export interface Network {
  readonly model: Model;
  readonly trackings: Map<string, Tracking>;
  /** How many tunnels the packet is in already. */
  readonly depth?: number;
}

/** What is left of a packet after a place: it goes on to another, or has ended. */
export type Onward = End | Passing | Carried;

interface Passing {
  readonly station: Station;
  readonly device: string;
  readonly packet: Packet;
}

/** Its frame goes through a tunnel, and then on. */
export interface Carried {
  readonly through: TunnelCrossing;
  readonly packet: Packet;
  /** What it belongs to where it goes in. */
  readonly belonging?: Belonging;
  readonly then: () => Onward;
}

interface End {
  readonly ending: Ending;
  readonly packet: Packet;
  /** What it belonged to where it ended. */
  readonly belonging?: Belonging;
  /** The packet that ended is the one around it. */
  readonly carried?: NonNullable<Trace['carried']>;
}

export function trackingAt({ trackings }: Network, { namespace }: Station): Tracking {
  const tracking = trackings.get(namespace) ?? { flows: [] };
  trackings.set(namespace, tracking);
  return tracking;
}

export function stationAt({ model }: Network, namespace: string): Station {
  const station = model.stations.get(namespace);
  if (station === undefined) throw new Error(`there is no namespace ${namespace}`);
  return station;
}

export const refused = (station: Station, decision: Decision, packet: Packet): Onward => ({
  ending: { kind: decision.verdict === 'reject' ? 'rejected' : 'dropped', at: station.namespace, decision },
  packet,
});

export function lost(station: Station, routing: Routing): Ending {
  if (routing.kind === 'unreachable') return { kind: 'unreachable', at: station.namespace, route: routing.route.route };
  if (routing.kind === 'undecided') return { kind: 'undecided', at: station.namespace, route: routing.route };
  return { kind: station.namespace === HOST ? 'outside' : 'no-route', at: station.namespace };
}

/** To connection tracking, what is invalid or untracked belongs to nothing. */
export function belonging(onward: Onward, { packet: { state }, flow, direction }: TrackedPacket): Onward {
  if ('device' in onward || state === 'invalid' || state === 'untracked') return onward;
  return { belonging: { flow, direction }, ...onward };
}
