import { expect, test } from 'vitest';
import { diff } from '../../plan/diff.ts';
import type { Change } from '../../plan/plan.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { rootsOf, without } from './roots.ts';

const bridge: Resource = {
  kind: 'bridge',
  origin: [],
  namespace: HOST,
  device: 'lab-net',
  mac: '02:00:00:00:00:01',
  mtu: 1500,
  stp: false,
  forwardDelay: 2,
  ageing: 300,
  up: true,
};
const address: Resource = { kind: 'address', origin: [], namespace: HOST, device: 'lab-net', address: '10.71.0.1/24' };
const route: Resource = {
  kind: 'route',
  origin: [],
  namespace: HOST,
  to: '10.72.0.0/24',
  type: 'unicast',
  via: '10.71.0.2',
  device: 'lab-net',
};
const setting: Resource = { kind: 'sysctl', origin: [], namespace: HOST, key: 'net/ipv4/ip_forward', value: '1' };
const desired = [setting, bridge, address, route];

const changes = (there: readonly Resource[]): readonly Change[] => diff('lab', desired, there).changes;
const names = (some: readonly Change[]): readonly string[] => some.map(({ identity }) => identity);

test('what was lost with its device hangs on the device', () => {
  expect(names(rootsOf(changes([])))).toEqual(['sysctl:@host/net/ipv4/ip_forward', 'bridge:@host/lab-net']);
  expect(names(rootsOf(changes([setting, bridge])))).toEqual(['address:@host/lab-net/10.71.0.1/24']);
});

test('what is left out leaves out what hangs on it, and nothing else', () => {
  const rest = without(changes([]), (identity) => identity === 'bridge:@host/lab-net');
  expect(names(rest)).toEqual(['sysctl:@host/net/ipv4/ip_forward']);
});

test('a device that is there and only different carries what it carries', () => {
  const found = changes([setting, { ...bridge, mtu: 1300 } as Resource]);
  expect(names(without(found, (identity) => identity === 'bridge:@host/lab-net'))).toEqual([
    'address:@host/lab-net/10.71.0.1/24',
    'route:@host/10.72.0.0/24',
  ]);
});
