import { expect, test } from 'vitest';
import type { Forward } from '../network/nat/translation.ts';
import { landingOf } from './landing.ts';
import { at, network } from './network.fixture.ts';

const forward: Forward = {
  text: 'edge tcp/8000-8010',
  at: 'edge',
  addresses: [at('198.51.100.2')],
  protocol: 'tcp',
  ports: { from: 8000, to: 8010 },
  to: { node: 'web', addresses: [at('10.1.0.10')], ports: { from: 9000, to: 9010 } },
  origin: [],
};
const forwarding = { ...network([]), forwards: [forward] };

test('a port of a range lands on the same place of the other range', () => {
  expect(landingOf(forwarding, at('198.51.100.2'), { protocol: 'tcp', port: 8004 })).toEqual({
    target: 'web',
    landing: { address: at('10.1.0.10'), port: 9004 },
  });
});

test.each([
  ['another port', '198.51.100.2', { protocol: 'tcp', port: 8011 }],
  ['another protocol', '198.51.100.2', { protocol: 'udp', port: 8004 }],
  ['another address', '198.51.100.3', { protocol: 'tcp', port: 8004 }],
  ['an echo', '198.51.100.2', { protocol: 'icmp' }],
] as const)('%s stays where it is sent', (_what, to, exchange) => {
  expect(landingOf(forwarding, at(to), exchange)).toBeUndefined();
});
