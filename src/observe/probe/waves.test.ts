import { expect, test } from 'vitest';
import type { Probe } from './probe.ts';
import { waves } from './waves.ts';

const probes = Array.from({ length: 300 }, (_, number) => {
  const probe: Probe = {
    from: `m${number % 30}`,
    to: { family: 4, value: BigInt(number % 7) },
    target: `s${number % 7}`,
    protocol: (['tcp', 'udp', 'icmp'] as const)[number % 3] ?? 'icmp',
    port: 80,
  };
  return { number, probe, payload: new Uint8Array() };
});

test('waves hold every probe once, however few descriptors there are', () => {
  for (const budget of [8, 40, 10_000]) {
    const numbers = waves(probes, budget)
      .flat()
      .map(({ number }) => number);
    expect(numbers.toSorted((one, other) => one - other)).toEqual(probes.map(({ number }) => number));
  }
});

test('one wave where there are enough, and no more probes in a wave than descriptors where there are not', () => {
  expect(waves(probes, 10_000)).toHaveLength(1);
  for (const wave of waves(probes, 40)) expect(wave.filter(({ probe }) => probe.protocol !== 'icmp').length).toBeLessThan(40);
});
