import { expect, test } from 'vitest';
import type { TraceEvent } from '../../backend/nftables/trace-message.ts';
import { type Journey, JourneyAssembly } from './journey.ts';
import type { Run } from './run.ts';

const OUTGOING = 'postrouting-last';
const INCOMING = 'prerouting-first';
const INSIDE = 'input-last';

/** An error of IPv6: nothing in its headers tells it from another about the same. */
const run = (namespace: string, chain: string, id: number): Run => ({
  namespace,
  family: 'inet',
  table: 'netbottle-trace',
  id,
  packet: {
    family: 6,
    source: { family: 6, value: 1n },
    destination: { family: 6, value: 2n },
    protocol: 58,
    icmpType: 1,
    icmpCode: 3,
    hopLimit: 64,
    fingerprint: '58 0 1 3',
  },
  inDevice: chain === OUTGOING ? 0 : 7,
  outDevice: chain === OUTGOING ? 7 : 0,
  events: [{ chain } as TraceEvent],
});

const waysOf = (journeys: Iterable<Journey>): readonly string[] =>
  [...journeys].map(({ runs }) => runs.map(({ namespace, events }) => `${namespace} ${events[0]?.chain}`).join(', '));

test('packets that look the same and go at once arrive one by one, also where the kernel gives each the number of the one before', () => {
  const assembly = new JourneyAssembly();
  const journeys = new Set<Journey>();
  for (const id of [1, 2, 3]) {
    journeys.add(assembly.add(run('gate', 'output-first', id)));
    journeys.add(assembly.add(run('gate', OUTGOING, id)));
  }
  for (let packet = 0; packet < 3; packet += 1) for (const chain of [INCOMING, INSIDE]) journeys.add(assembly.add(run('app', chain, 9)));
  const whole = `gate output-first, gate ${OUTGOING}, app ${INCOMING}, app ${INSIDE}`;
  expect(waysOf(journeys)).toEqual([whole, whole, whole]);
});

test('of two packets that look the same, the one that was lost is not taken for the one that arrives', () => {
  const assembly = new JourneyAssembly();
  const lost = assembly.add(run('gate', 'output-first', 1));
  const second = assembly.add(run('gate', 'output-first', 2));
  expect(assembly.add(run('app', INCOMING, 9))).toBe(second);
  expect(waysOf([lost])).toEqual(['gate output-first']);
});
