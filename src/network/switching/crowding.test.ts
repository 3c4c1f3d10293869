import { expect, test } from 'vitest';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { said } from '../testing.fixture.ts';

const file = (type: 'linux' | 'auto' | 'ovs', machines: number): BottleFile => ({
  name: 'lab',
  switches: { one: { type, address: '10.0.0.1', trunks: { two: {} } }, two: { type } },
  networks: {
    lan: { subnet: '10.0.0.0/20', switch: ['one', 'two'], vlan: 7 },
    more: { subnet: '10.0.16.0/20', switch: 'one', vlan: 8 },
  },
  machines: Object.fromEntries(
    Array.from({ length: machines }, (_, i) => [
      `m${i}`,
      { networks: { lan: { switch: 'one', tagged: i === 0 }, ...(i === 0 && { more: { tagged: true } }) } },
    ]),
  ),
});

test('a Linux bridge takes 1,023 cables, those of the host and to other switches among them', () => {
  expect(said(file('linux', 1021))).toEqual([]);
  expect(said(file('linux', 1022))).toEqual(['switch-full switches.one']);
  expect(said(file('auto', 1022))).toEqual(['switch-full switches.one']);
  expect(said(file('ovs', 1022))).toEqual([]);
});
