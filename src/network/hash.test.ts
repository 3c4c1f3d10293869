import { expect, test } from 'vitest';
import { hash, murmur3 } from './hash.ts';

/** As others compute it: Appleby's MurmurHash3_x86_32. */
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
])('%j with the seed %i', (text, seed, value) => {
  expect(murmur3(text, seed)).toBe(value);
});

test('64 bits are those of two seeds, whatever the length', () => {
  for (const text of ['', 'a', 'ab', 'abc', 'abcd', 'corp/web dmz 1'])
    expect(hash(text)).toEqual({ high: murmur3(text, 0x9747b28c), low: murmur3(text, 0x5bd1e995) });
});
