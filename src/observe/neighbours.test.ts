import { expect, test } from 'vitest';
import { statisticOf } from './kernel-statistic.ts';
import { doubted } from './neighbours.ts';

const text = `entries  allocs   table_fulls
00000001 000003ed 0000603f
00000001 000002ca 0000000a
`;

test('counts of all processors are added', () => {
  expect(statisticOf(text, 'table_fulls')).toBe(0x6049);
  expect(statisticOf(text, 'no_such_column')).toBe(0);
});

test('after an overflow, answers count and silence does not', () => {
  expect(doubted({ kind: 'timed-out' })).toMatchObject({ kind: 'failed', message: expect.stringContaining('gc_thresh3') });
  expect(doubted({ kind: 'answered', milliseconds: 1 }).kind).toBe('answered');
  expect(doubted({ kind: 'refused', how: 'reset', milliseconds: 1 }).kind).toBe('refused');
});
