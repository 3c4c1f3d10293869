import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Interval } from '../../resource/ruleset/interval.ts';
import { addressCodes } from './address-codes.ts';

const LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;

const range = (last: bigint): fc.Arbitrary<Interval> =>
  fc.tuple(fc.bigInt(0n, last), fc.oneof(fc.constant(0n), fc.bigInt(0n, 300n), fc.bigInt(0n, last))).map(([from, size]) => ({
    from,
    to: from + size > last ? last : from + size,
  }));

test('numbers are in the order of addresses, each stands for some, and ranges that were named come back as they were', () => {
  const families = fc.record({ 4: fc.array(range(LAST[4]), { maxLength: 40 }), 6: fc.array(range(LAST[6]), { maxLength: 40 }) });
  fc.assert(
    fc.property(families, (asked) => {
      const { bits, of } = addressCodes(asked);
      for (const family of [4, 6] as const) {
        const codes = of[family];
        const all = { from: 0n, to: (1n << BigInt(bits)) - 1n };
        expect(codes.addresses(all)).toEqual({ from: 0n, to: LAST[family] });
        for (const one of [...asked[family], { from: 0n, to: LAST[family] }]) {
          const numbers = codes.numbers(one);
          expect(codes.addresses(numbers)).toEqual(one);
          expect(codes.around(one.from).from).toBe(one.from);
          expect(codes.around(one.to).to).toBe(one.to);
        }
        for (let number = 1n; number <= all.to; number++) {
          const [before, own] = [codes.addresses({ from: number - 1n, to: number - 1n }), codes.addresses({ from: number, to: number })];
          expect(own.from).toBe(before.to + 1n);
          expect(own.to >= own.from).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('what was not said to be asked about is told apart from nothing, and that is an error', () => {
  const { of } = addressCodes({ 4: [{ from: 10n, to: 20n }], 6: [] });
  expect(() => of[4].numbers({ from: 10n, to: 19n })).toThrow('not told apart');
  expect(() => of[6].numbers({ from: 1n, to: 1n })).toThrow('not told apart');
  expect(of[4].around(15n)).toEqual({ from: 10n, to: 20n });
});
