/** What one base chain did to one packet, put together from the events that tell of it. */
import type { TraceEvent } from '../../backend/nftables/trace-message.ts';
import { type SeenPacket, seenPacket } from './seen-packet.ts';

/** An event, and in which namespace it happened. */
export interface PlacedEvent extends TraceEvent {
  readonly namespace: string;
}

export interface Run {
  readonly namespace: string;
  /** `inet`, `bridge`, …: of the table. */
  readonly family: string;
  readonly table: string;
  /** The same for all runs of a packet through one namespace, and perhaps for others' later. */
  readonly id: number;
  /** As it was when it came to the chain. */
  readonly packet: SeenPacket;
  /** Indices of devices; 0 where there is none. */
  readonly inDevice: number;
  readonly outDevice: number;
  /** Grows as more is told. */
  readonly events: readonly TraceEvent[];
}

/** The base chain: the one whose policy is told, or else the first that told something. */
export const chainOf = ({ events }: Run): string => (events.find(({ kind }) => kind === 'policy') ?? events[0])?.chain ?? '';

/** Runs of which more may be told; each has a few events, told one right after the other. */
const OPEN = 4096;

/** Puts events, in the order in which the kernel tells them, together to runs. */
export class RunAssembly {
  readonly #open = new Map<string, TraceEvent[]>();

  /** The run that begins with this event, if one does. */
  add(event: PlacedEvent): Run | undefined {
    const key = `${event.namespace} ${event.id} ${event.family === 'bridge'}`;
    const packet = event.headers && seenPacket(event.headers);
    if (packet === undefined) {
      this.#open.get(key)?.push(event);
      return undefined;
    }
    const { namespace, family, table, id, inDevice, outDevice } = event;
    const events: TraceEvent[] = [event];
    this.#open.delete(key);
    this.#open.set(key, events);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= OPEN) break;
      this.#open.delete(oldest);
    }
    return { namespace, family, table, id, packet, inDevice, outDevice, events };
  }
}
