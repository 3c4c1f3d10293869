import { expect, test } from 'vitest';
import type { Verdict } from '../observe/verdict.ts';
import { verdictJson } from './verdict-json.ts';

const router = { family: 4, value: 0x0a010001n } as const;
const target = { family: 4, value: 0x0a020002n, length: 32 } as const;

const verdict: Verdict = {
  expectation: {
    text: 'alice -> 10.2.0.2',
    from: { kind: 'nodes', text: 'alice', members: ['alice'], nodes: ['alice'] },
    to: { kind: 'prefix', text: '10.2.0.2', prefix: target },
    mode: 'at-least',
    services: [],
    origin: ['expect', 'alice -> 10.2.0.2'],
  },
  state: 'broken',
  stopped: [],
  pairs: { measured: 1, total: 1 },
  total: { asked: 2, kept: 0 },
  families: { 4: { asked: 2, kept: 0 }, 6: { asked: 0, kept: 0 } },
  failures: [
    {
      from: 'alice',
      to: '10.2.0.2',
      address: '10.2.0.2',
      exchange: 'ping',
      expected: 'answer',
      outcome: { kind: 'unreachable', reason: 'host-unreachable', by: router, milliseconds: 3 },
      text: 'alice -> 10.2.0.2 ping: unreachable',
    },
    { from: 'alice', to: 'six', expected: 'answer', text: 'alice -> six: no address family in common' },
  ],
};

test('a verdict can be printed as JSON, whatever addresses it is about', () => {
  const printed = JSON.parse(JSON.stringify(verdictJson(verdict))) as ReturnType<typeof verdictJson>;
  expect(printed).toMatchObject({
    promise: 'alice -> 10.2.0.2',
    state: 'broken',
    total: { asked: 2, kept: 0 },
    failures: [
      { from: 'alice', exchange: 'ping', outcome: { kind: 'unreachable', by: '10.1.0.1' } },
      { to: 'six', text: 'alice -> six: no address family in common' },
    ],
  });
});
