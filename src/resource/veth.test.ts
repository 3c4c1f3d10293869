import { expect, test } from 'vitest';
import { type Veth, type VethEnd, vethKind } from './veth.ts';

const end = (namespace: string, more: Partial<VethEnd> = {}): VethEnd => ({
  namespace,
  device: 'lan',
  mac: '02:00:00:00:00:01',
  checksumOffload: true,
  up: true,
  ...more,
});
const veth = (more: Partial<Veth>): Veth => ({
  kind: 'veth',
  origin: [],
  name: 'web/lan',
  ends: [end('lab.web'), end('lab')],
  mtu: 1500,
  ...more,
});

test('one end with another MTU is told as such', () => {
  const found = veth({ ends: [end('lab.web', { mtu: 1400 }), end('lab')] });
  expect(vethKind.differences(found, veth({}))).toEqual([{ field: 'mtu', before: '1400', after: '1500', effect: 'live' }]);
});

test('what is different at both ends is told once', () => {
  expect(vethKind.differences(veth({}), veth({ mtu: 9000 }))).toEqual([{ field: 'mtu', before: '1500', after: '9000', effect: 'live' }]);
  const down = veth({ ends: [end('lab.web', { up: false }), end('lab', { up: false })] });
  expect(vethKind.differences(down, veth({}))).toHaveLength(1);
});

test('another place of an end is another cable', () => {
  const moved = veth({ ends: [end('lab.web', { device: 'wan' }), end('lab')] });
  expect(vethKind.differences(veth({}), moved)).toEqual([{ field: 'device', before: 'lan', after: 'wan', effect: 'replace' }]);
});
