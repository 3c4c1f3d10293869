/** Single packets of sets. */
import { type Cube, cubesOf } from './counting.ts';
import type { Node } from './diagram.ts';
import type { PacketSets } from './packet-sets.ts';

/** What a packet has in each slot. */
export type Point = ReadonlyMap<string, bigint>;

/** Up to `most` packets, which differ in something that rules look at. */
export function examplesOf(sets: PacketSets, packets: Node, most: number): readonly Point[] {
  const points: Point[] = [];
  for (const cube of cubesOf(sets.diagram, sets.canonical(packets))) {
    if (points.length === most) break;
    points.push(pointOf(sets, cube));
  }
  return points;
}

/** What may be anything is 0. */
function pointOf({ layout }: PacketSets, cube: Cube): Point {
  return new Map(
    layout.slots.map(({ name, first, bits }) => {
      let number = 0n;
      for (let bit = 0; bit < bits; bit++) number = (number << 1n) | BigInt(cube.get(first + bit) ?? 0);
      return [name, number];
    }),
  );
}
