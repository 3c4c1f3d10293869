import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Interval } from '../../resource/ruleset/interval.ts';
import { Diagram } from './diagram.ts';
import { KeyTable } from './key-table.ts';
import { among, union } from './stretches.ts';

const BITS = [
  [0, 1, 2, 3, 4],
  // A field may be several slots.
  [5, 6, 9, 10],
  Array.from({ length: 32 }, (_, bit) => 11 + bit),
];

const interval = (width: number): fc.Arbitrary<Interval> => {
  const last = 2 ** width - 1;
  const single = fc.integer({ min: 0, max: last }).map((number) => [number, number] as const);
  const prefix = fc.tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: width })).map(([number, length]) => {
    const size = 2 ** length;
    const from = Math.floor(number / size) * size;
    return [from, from + size - 1] as const;
  });
  const any = fc
    .tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: last }))
    .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  return fc.oneof(single, single, prefix, any).map(([from, to]) => ({ from: BigInt(from), to: BigInt(to) }));
};

test('sets of keys are those that each of them alone makes, put together; where some overlap there is no table', () => {
  const key = fc.tuple(...BITS.map((bits) => interval(bits.length)));
  let tables = 0;
  fc.assert(
    fc.property(fc.array(key, { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 12 }), (keys, chosen) => {
      const table = KeyTable.of(
        BITS.map((bits, place) => ({ bits, intervals: keys.map((one) => one[place] ?? { from: 0n, to: 0n }) })),
        keys.length,
      );
      if (table === undefined) return;
      if (keys.length > 1) tables += 1;
      const diagram = new Diagram();
      const setOf = (one: readonly Interval[]) => one.map((own, place) => among(diagram, BITS[place] ?? [], [own]));
      const places = [...new Set(chosen.filter((place) => place < keys.length))].toSorted((one, other) => one - other);
      for (const asked of [undefined, places]) {
        const own = asked === undefined ? keys : asked.flatMap((place) => (keys[place] === undefined ? [] : [keys[place]]));
        const expected = union(
          diagram,
          own.map((one) => setOf(one).reduce((all, set) => diagram.and(all, set))),
        );
        expect(table.nodeOf(diagram, asked)).toBe(expected);
      }
    }),
    { numRuns: 3000 },
  );
  expect(tables).toBeGreaterThan(50);
});

test('variables that are out of order, and numbers of too many bits, are for others', () => {
  const one = [{ from: 1n, to: 1n }];
  expect(KeyTable.of([{ bits: [3, 2], intervals: one }], 1)).toBeUndefined();
  expect(KeyTable.of([{ bits: Array.from({ length: 33 }, (_, bit) => bit), intervals: one }], 1)).toBeUndefined();
});
