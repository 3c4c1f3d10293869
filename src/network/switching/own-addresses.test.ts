import { expect, test } from 'vitest';
import { formatAddress } from '../../address/format.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { SwitchSpec } from '../../spec/schema/switch.ts';
import { addressesIn, networkOf, said } from '../testing.fixture.ts';

const file = (
  switches: Readonly<Record<string, SwitchSpec>>,
  green: NonNullable<BottleFile['networks']>[string] | object = {},
  box: Readonly<Record<string, string>> = {},
): BottleFile => ({
  name: 'corp',
  switches,
  networks: {
    wire: { subnet: '10.9.0.0/24' },
    green: { subnet: ['10.1.0.0/24', 'fd00:1::/64'], switch: Object.keys(switches), vlan: 100, ...green },
    red: { subnet: '10.2.0.0/24', switch: Object.keys(switches), vlan: 200 },
  },
  machines: { box: { networks: { wire: 'auto', ...box } }, other: { networks: { wire: 'auto' } } },
});

const attachments = (of: BottleFile) =>
  networkOf(of).segments.map(({ name, attachment }) =>
    'host' in attachment
      ? [name, attachment.mode, attachment.host.switch, ...attachment.host.addresses.map(({ address }) => formatAddress(address))]
      : [name, attachment.mode],
  );

test('an address on a switch is of the host, in the network that it lies in', () => {
  expect(attachments(file({ one: { trunks: { two: {} } }, two: { address: ['10.1.0.7', '10.2.0.7'] } }))).toEqual([
    ['wire', 'internal'],
    ['green', 'host-only', 'two', '10.1.0.7', 'fd00:1::1'],
    ['red', 'host-only', 'two', '10.2.0.7'],
  ]);
});

test('on a switch in a machine it is of the machine, which then is in the network', () => {
  const own = file({ one: { type: 'ovs', machine: 'box', address: ['10.2.0.7', 'fd00:1::7', '10.1.0.7', '10.1.0.8'] } });
  expect(addressesIn(networkOf(own), 'box')).toEqual({
    wire: [expect.any(String)],
    green: ['10.1.0.7/24', '10.1.0.8/24', 'fd00:1::7/64'],
    red: ['10.2.0.7/24'],
  });
  expect(attachments(own).flatMap(([, mode]) => mode)).toEqual(['internal', 'internal', 'internal']);
});

test('`auto` is an address where a single network is on the switch', () => {
  const one: BottleFile = {
    name: 'corp',
    switches: { one: { address: 'auto' } },
    networks: { green: { subnet: '10.1.0.0/24', switch: 'one' } },
    machines: { a: { networks: { green: '10.1.0.1' } } },
  };
  expect(attachments(one)).toEqual([['green', 'host-only', 'one', '10.1.0.2']]);
});

test.each([
  ['in no network of the switch', file({ one: { address: '10.9.0.1' } }), 'address-outside-subnet switches.one.address'],
  ['`auto` in one of several', file({ one: { address: 'auto' } }), 'switch-address switches.one.address'],
  ['the host there by its mode', file({ one: { address: '10.1.0.1' } }, { mode: 'nat' }), 'two-host-legs switches.one.address'],
  ['a mode that says there is none', file({ one: { address: '10.1.0.1' } }, { mode: 'internal' }), 'switch-address switches.one.address'],
  [
    'joined with a device of the host',
    file({ one: { address: '10.1.0.1' } }, { mode: 'bridged', attach: { bridge: 'br0' } }),
    'switch-address switches.one.address',
  ],
  [
    'the host there on another switch',
    file({ one: { address: '10.1.0.1', trunks: { two: {} } }, two: { address: '10.1.0.2' } }),
    'two-host-legs switches.two.address',
  ],
  [
    'the machine there by its networks',
    file({ one: { type: 'ovs', machine: 'box', address: '10.1.0.1' } }, {}, { green: 'auto' }),
    'switch-address switches.one.address',
  ],
  [
    'the address of another',
    file({ one: { type: 'ovs', machine: 'box', address: ['10.1.0.1', '10.1.0.0'] } }),
    'unusable-address switches.one.address.1',
  ],
])('refused: %s', (_what, wrong, expected) => {
  expect(said(wrong).filter((line) => !line.startsWith('unused-network'))).toEqual([expected]);
});

test('nobody else can have the address', () => {
  const wrong = file({ one: { type: 'ovs', address: '10.1.0.1' } });
  expect(said({ ...wrong, machines: { ...wrong.machines, c: { networks: { green: '10.1.0.1' } } } })).toContain(
    'address-in-use switches.one.address',
  );
});
