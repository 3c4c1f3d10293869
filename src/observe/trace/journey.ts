/**
 * One packet on its way through all namespaces. Tracing ends at every interface and its numbers are not unique, so the runs
 * of one packet are known by what it keeps: its fingerprint, and that it arrives as it left.
 */
import type { Address } from '../../address/ip.ts';
import { chainOf, type Run } from './run.ts';
import type { SeenPacket } from './seen-packet.ts';

export interface Journey {
  /** In the order of the kernel. */
  readonly runs: readonly Run[];
}

/** Packets that may still be on their way; beyond, the oldest are taken to be at their end. */
const OPEN = 1024;

const isSame = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

/** The same but for the hop limit. */
const arrivesAs = (packet: SeenPacket, left: SeenPacket): boolean =>
  isSame(packet.source, left.source) &&
  isSame(packet.destination, left.destination) &&
  packet.sourcePort === left.sourcePort &&
  packet.destinationPort === left.destinationPort;

/** Translation changes one end, and leaves the other. */
const isTranslated = (packet: SeenPacket, before: SeenPacket): boolean =>
  isSame(packet.source, before.source) || isSame(packet.destination, before.destination);

export class JourneyAssembly {
  readonly #open: { readonly runs: Run[] }[] = [];

  /** The journey that the run belongs to, which may begin with it. */
  add(run: Run): Journey {
    const place = isDeparture(run) ? -1 : this.#open.findLastIndex((journey) => continues(journey.runs, run));
    const [found] = place < 0 ? [] : this.#open.splice(place, 1);
    const journey = found ?? { runs: [] };
    journey.runs.push(run);
    this.#open.push(journey);
    if (this.#open.length > OPEN) this.#open.shift();
    return journey;
  }
}

const isDeparture = (run: Run): boolean => chainOf(run) === 'output-first' || (run.events[0]?.chain === 'trace' && run.inDevice === 0);

function continues(runs: readonly Run[], run: Run): boolean {
  const last = runs.at(-1);
  if (last === undefined || last.packet.fingerprint !== run.packet.fingerprint) return false;
  // The same packet comes to a place twice only when it goes in a circle; another that looks like it has all of its hops. Numbers are
  // those of buffers: of several packets at once, such as the errors of all who waited for an address, one gets that of the one before.
  if (runs.some((one) => one.namespace === run.namespace && one.packet.hopLimit === run.packet.hopLimit && isAt(one, run))) return false;
  if (last.namespace === run.namespace && last.id === run.id) return isTranslated(run.packet, last.packet);
  return run.packet.hopLimit <= last.packet.hopLimit && arrivesAs(run.packet, last.packet);
}

const isAt = (one: Run, other: Run): boolean =>
  one.family === other.family &&
  one.table === other.table &&
  one.inDevice === other.inDevice &&
  one.events[0]?.chain === other.events[0]?.chain;
