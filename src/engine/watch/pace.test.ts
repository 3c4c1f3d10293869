import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const ROUTE = 'route:lab.web/0.0.0.0/0';

const ADDRESS = 'address:lab.db/back/10.72.0.10/24';

test('what breaks now and then is repaired at once', () => {
  const pace = new Pace();
  for (let minute = 0; minute < 60; minute++) expect(pace.repaired([ROUTE], minute * 60_000)).toEqual([]);
});

test('many things that break together are no fight', () => {
  const pace = new Pace();
  expect(
    pace.repaired(
      Array.from({ length: 100 }, (_, i) => `address:${i}`),
      0,
    ),
  ).toEqual([]);
});

test('what somebody breaks after every repair is repaired ever less often, down to twice a minute', () => {
  const pace = new Pace();
  let now = 0;
  const pauses: number[] = [];
  while (pauses.length < 8) {
    const [fight] = pace.repaired([ROUTE], now);
    if (fight !== undefined) {
      expect(fight.over).toBe(ROUTE);
      expect(pace.from(ROUTE)).toBe(now + fight.pause);
      pauses.push(fight.pause);
    }
    now += fight?.pause ?? 100;
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('what else breaks meanwhile does not wait', () => {
  const pace = new Pace();
  for (let i = 0; i < 10; i++) pace.repaired([ROUTE], i * 100);
  expect(pace.from(ROUTE)).toBe(1900);
  expect(pace.from(ADDRESS)).toBe(0);
  expect(pace.repaired([ADDRESS], 1000)).toEqual([]);
  expect(pace.repaired([ADDRESS, ROUTE], 1900)).toEqual([{ over: ROUTE, pause: 2000 }]);
});

test('after a quiet time all is as at first', () => {
  const pace = new Pace();
  for (let i = 0; i < 10; i++) pace.repaired([ROUTE], i * 100);
  expect(pace.repaired([ROUTE], 60_000)).toEqual([]);
});

test('what cannot be repaired is tried again ever less often, until it can', () => {
  const pace = new Pace();
  let now = 0;
  const fail = (): number => {
    const pause = pace.failed([ROUTE], now);
    now += pause;
    return pause;
  };
  expect(Array.from({ length: 11 }, fail)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  expect(pace.from(ROUTE)).toBe(now);
  pace.repaired([ROUTE], now);
  expect(pace.failed([ROUTE], now)).toBe(100);
});
