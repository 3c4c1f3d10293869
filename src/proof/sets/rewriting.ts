/** Changes of packets as relations: what packets become, and what they may have been. */
import type { Node } from './diagram.ts';
import type { Slot } from './layout.ts';
import type { PacketSets } from './packet-sets.ts';
import { bitsOf } from './universe.ts';

/** Packets of `packets` become any that differs from them in nothing but the slots, and is in `to`. */
export interface Rewriting {
  readonly packets: Node;
  readonly slots: readonly string[];
  readonly to: Node;
}

/** What comes of those of the packets that are rewritten. */
export function image(sets: PacketSets, { packets, slots, to }: Rewriting, before: Node): Node {
  const { diagram } = sets;
  return diagram.and(diagram.andExists(before, packets, sets.bitsOfSlots(...slots)), diagram.and(to, sets.all));
}

/** All that become, or may become, one of the packets. */
export function preimage(sets: PacketSets, { packets, slots, to }: Rewriting, after: Node): Node {
  const { diagram } = sets;
  return diagram.and(packets, diagram.andExists(after, diagram.and(to, sets.all), sets.bitsOfSlots(...slots)));
}

export const overwritten = (sets: PacketSets, packets: Node, slots: readonly string[], to: Node): Node =>
  image(sets, { packets, slots, to }, packets);

/** As what answers to packets come: addresses and ports change places. Types of ICMP messages, which stand where ports would, do not. */
export function turnedRound(sets: PacketSets, packets: Node): Node {
  const { layout, diagram } = sets;
  const portful = sets.among(['meta l4proto'], WITH_PORTS);
  const addresses = swapped(layout.slot('source'), layout.slot('destination'));
  const ports = swapped(layout.slot('sport'), layout.slot('dport'));
  return diagram.or(
    diagram.rename(diagram.and(packets, portful), new Map([...addresses, ...ports])),
    diagram.rename(diagram.diff(packets, portful), new Map(addresses)),
  );
}

/** Protocols that have ports. */
export const WITH_PORTS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp'].map((protocol) => [protocol]);

const swapped = (one: Slot, other: Slot): readonly (readonly [number, number])[] =>
  bitsOf(one).flatMap((bit, index) => {
    const mate = other.first + index;
    return [
      [bit, mate],
      [mate, bit],
    ] as const;
  });
