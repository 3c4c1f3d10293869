import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

const keys = ['name', 'networks', 'machines', 'subnet', 'mtu', 'dns', 'by'];

test.each([
  ['subent', 'subnet'],
  ['Subnet', 'subnet'],
  ['machine', 'machines'],
  ['netwroks', 'networks'],
  ['mut', 'mtu'],
])('%s most likely means %s', (written, meant) => {
  expect(suggest(written, keys)).toBe(meant);
});

test.each(['colour', 'b', 'x', '', 'policy'])('nothing is suggested for %j, which is near to nothing', (written) => {
  expect(suggest(written, keys)).toBeUndefined();
});
