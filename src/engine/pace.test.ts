import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const ROUTE = 'route:lab.web/0.0.0.0/0';

test('what breaks now and then is repaired at once', () => {
  const pace = new Pace();
  for (let minute = 0; minute < 60; minute++) expect(pace.repaired([ROUTE], minute * 60_000)).toBeUndefined();
});

test('many things that break together are no fight', () => {
  const pace = new Pace();
  expect(
    pace.repaired(
      Array.from({ length: 100 }, (_, i) => `address:${i}`),
      0,
    ),
  ).toBeUndefined();
});

test('who undoes every repair is repaired ever less often, up to twice a minute', () => {
  const pace = new Pace();
  let now = 0;
  const pauses: number[] = [];
  while (pauses.length < 8) {
    const fight = pace.repaired([ROUTE], now);
    now += fight?.pause ?? 100;
    if (fight !== undefined) {
      expect(fight.over).toBe(ROUTE);
      pauses.push(fight.pause);
    }
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('after a quiet time all is as at first', () => {
  const pace = new Pace();
  for (let i = 0; i < 12; i++) pace.repaired([ROUTE], i * 100);
  expect(pace.repaired([ROUTE], 60_000)).toBeUndefined();
});

test('what cannot be repaired is tried again ever less often, until it can', () => {
  const pace = new Pace();
  expect(Array.from({ length: 11 }, () => pace.failed())).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  pace.repaired([], 0);
  expect(pace.failed()).toBe(100);
});
