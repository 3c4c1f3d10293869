/** Single packets of sets, as the evaluator wants them that follows one packet at a time. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { PacketView } from '../evaluate.ts';
import { nameCode } from '../field-codes.ts';
import type { Point } from './example.ts';
import type { PacketSets } from './packet-sets.ts';
import type { Condition } from './places.ts';

/** What a packet has in fields that rules look at. */
export function viewOfPoint(sets: PacketSets, point: Point): PacketView {
  const bits = sets.layout.slots.flatMap(({ name, bits: width }) => {
    const number = point.get(name) ?? 0n;
    return Array.from({ length: width }, (_, bit) => (number >> BigInt(width - 1 - bit)) & 1n);
  });
  const meets = (when: readonly Condition[]): boolean =>
    when.every(({ slot, among }) => {
      const number = Number(point.get(slot) ?? 0n);
      return among.some(({ from, to }) => from <= number && number <= to);
    });
  return (field: Field) => {
    const place = sets.placeOf(field);
    if (place.kind === 'bits') {
      const variant = place.variants.find(({ when }) => meets(when));
      return variant?.bits.reduce((number, variable) => (number << 1n) | (bits[variable] ?? 0n), 0n);
    }
    if (!meets(place.when)) return undefined;
    const value = place.values[Number(point.get(place.slot.name) ?? 0n)];
    // What is none of the list equals nothing that rules name.
    if (value === undefined) return NOTHING_NAMED;
    return typeof value === 'string' ? nameCode(value) : value;
  };
}

const NOTHING_NAMED = 0xffffn;
