import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctedName, nameFault } from './name.ts';

const pattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

test('a name is faulty when the schema would not take it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9_.-]{0,9}$/)), (name) => {
      expect(nameFault(name, 8) === undefined).toBe(pattern.test(name) && name.length <= 8);
    }),
  );
});

test('a corrected name is a good one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 63 }), (name, maxLength) => {
      const corrected = correctedName(name, maxLength);
      if (corrected !== undefined) expect(nameFault(corrected, maxLength)).toBeUndefined();
    }),
  );
});

describe('a correction keeps what it can', () => {
  test.each([
    ['Web_Server 1', 'web-server-1'],
    ['büro', 'buro'],
    ['5g', 'n5g'],
    ['-edge-', 'edge'],
    ['a.b.c', 'a-b-c'],
  ])('%s → %s', (name, corrected) => {
    expect(correctedName(name, 63)).toBe(corrected);
  });
});
