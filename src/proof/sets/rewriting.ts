/** Changes of packets as relations: what packets become, and what they may have been. */
import type { Node } from './diagram.ts';
import type { PacketSets } from './packet-sets.ts';

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

/** Of several, one after the other. */
export const preimages = (sets: PacketSets, rewritings: readonly Rewriting[], after: Node): Node =>
  rewritings.reduceRight((set, rewriting) => preimage(sets, rewriting, set), after);

export const overwritten = (sets: PacketSets, packets: Node, slots: readonly string[], to: Node): Node =>
  image(sets, { packets, slots, to }, packets);

/** Protocols that have ports. */
export const WITH_PORTS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp'].map((protocol) => [protocol]);
