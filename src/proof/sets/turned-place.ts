/** Where a field of an answer is in the packet that it answers: addresses change places, and so do ports. */
import type { Layout, Slot } from './layout.ts';
import type { Condition, Place } from './places.ts';
import { bitsOf } from './universe.ts';

/** tcp, udp, dccp, sctp, udplite: numbers of protocols whose packets have ports. Types of ICMP messages, which stand there, stay. */
const PORTFUL = [6, 17, 33, 132, 136];

export function turnedPlace(layout: Layout, place: Place): Place {
  if (place.kind === 'list') return place;
  const addresses = swapped(layout.slot('source'), layout.slot('destination'));
  const ports = swapped(layout.slot('sport'), layout.slot('dport'));
  const turned = (bits: readonly number[], ...swaps: readonly ReadonlyMap<number, number>[]): readonly number[] =>
    bits.map((bit) => swaps.reduce((at, swap) => swap.get(at) ?? at, bit));
  const variants = place.variants.flatMap(({ when, bits, ...others }) => {
    if (!bits.some((bit) => ports.has(bit))) return [{ ...others, when, bits: turned(bits, addresses) }];
    return [
      { when: [...when, having], bits: turned(bits, addresses, ports) },
      { when: [...when, lacking], bits: turned(bits, addresses) },
    ];
  });
  return { kind: 'bits', variants };
}

const having: Condition = { slot: 'l4proto', among: PORTFUL.map((number) => ({ from: number, to: number })) };

const lacking: Condition = {
  slot: 'l4proto',
  among: [...PORTFUL, 256].map((number, index) => ({ from: (PORTFUL[index - 1] ?? -1) + 1, to: number - 1 })),
};

function swapped(one: Slot, other: Slot): ReadonlyMap<number, number> {
  const mates = bitsOf(other);
  return new Map(bitsOf(one).flatMap((bit, index) => [[bit, mates[index] ?? bit] as const, [mates[index] ?? bit, bit] as const]));
}
