import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPrefix } from '../../address/format.ts';
import type { Prefix } from '../../address/ip.ts';
import { containsAddress, containsPrefix, parsePrefix } from '../../address/prefix.ts';
import { aggregate, nestingOf } from './prefixes.ts';

const prefixOf = (text: string): Prefix => {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

const prefix = fc
  .integer({ min: 26, max: 32 })
  .chain((length) =>
    fc
      .integer({ min: 0, max: 2 ** (length - 26) - 1 })
      .map((at): Prefix => ({ family: 4, length, value: (10n << 24n) + (BigInt(at) << BigInt(32 - length)) })),
  );
const addresses = Array.from({ length: 64 }, (_, at) => ({ family: 4, value: (10n << 24n) + BigInt(at) }) as const);

test('neighbours become one prefix, and what lies in another one goes', () => {
  const machines = Array.from({ length: 16 }, (_, at) => prefixOf(`10.1.0.${16 + at}/32`));
  expect(aggregate([...machines, prefixOf('fd00::/64'), prefixOf('fd00::1/128')]).map(formatPrefix)).toEqual(['10.1.0.16/28', 'fd00::/64']);
});

test('aggregated prefixes hold the same addresses, each once', () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 20 }), (list) => {
      const joined = aggregate(list);
      for (const address of addresses) {
        const holders = joined.filter((one) => containsAddress(one, address)).length;
        expect(holders).toBe(list.some((one) => containsAddress(one, address)) ? 1 : 0);
      }
    }),
  );
});

test('around a prefix are exactly those that contain it', () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 20 }), (list) => {
      const nesting = nestingOf(list);
      for (const inner of list) {
        const wanted = new Set(list.filter((outer) => containsPrefix(outer, inner)).map(nesting.numberOf));
        expect(new Set(nesting.around(nesting.numberOf(inner)))).toEqual(wanted);
      }
    }),
  );
});
