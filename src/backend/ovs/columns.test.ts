import { expect, test } from 'vitest';
import type { OvsInterface, OvsPort, OvsVlan } from '../../resource/ovs-port.ts';
import { ovsPortKind } from '../../resource/ovs-port.ts';
import { interfaceColumns, interfaceIn, portColumns, switchColumns, switchIn, vlanIn } from './columns.ts';
import { mapOf } from './wire.ts';

const vlans: readonly OvsVlan[] = [
  { mode: 'access', tag: 100 },
  { mode: 'trunk', trunks: [] },
  { mode: 'trunk', trunks: [100, 200] },
  { mode: 'native-untagged', tag: 1, trunks: [1, 100] },
  { mode: 'native-tagged', tag: 1, trunks: [] },
  { mode: 'dot1q-tunnel', tag: 50, trunks: [7, 8] },
];

test.each(vlans)('a port of mode $mode is read as it was written', (vlan) => {
  expect(vlanIn(portColumns({ vlan }).whole)).toEqual(vlan);
});

const interfaces: readonly OvsInterface[] = [
  { type: 'device' },
  { type: 'internal', mac: '02:00:00:00:00:01' },
  { type: 'patch', peer: 'other' },
  { type: 'vxlan', remote: '192.168.50.5' },
  { type: 'vxlan', remote: 'fd00::5', local: 'fd00::4', key: 100, port: 4789, tos: 'inherit', ttl: 5, dontFragment: false, checksum: true },
  { type: 'geneve', remote: '192.168.50.5', key: 7, port: 6081 },
  { type: 'gre', remote: '192.168.50.5', tos: 16 },
];

test.each(interfaces)('an interface of type $type is read as it was written', (behind) => {
  expect(interfaceIn(interfaceColumns(behind))).toEqual(behind);
});

test('fields in another order are no difference', () => {
  const port = (behind: OvsInterface): OvsPort => ({
    kind: 'ovs-port',
    origin: [],
    namespace: 'lab',
    switch: 'sw',
    name: 'vxlan0',
    interface: behind,
    vlan: { mode: 'trunk', trunks: [200, 100] },
  });
  const other = { ...port({ ttl: 5, key: 100, remote: '192.0.2.1', type: 'vxlan' }), vlan: { trunks: [100, 200], mode: 'trunk' } as const };
  expect(ovsPortKind.differences(port({ type: 'vxlan', remote: '192.0.2.1', key: 100, ttl: 5 }), other)).toEqual([]);
});

test.each(['off', 'stp', 'rstp'] as const)(
  'a switch with the spanning tree %s is read as it was written, and waits for no more than that',
  (spanningTree) => {
    const settings = {
      mac: '02:00:00:00:00:01',
      datapath: 'netdev',
      spanningTree,
      priority: 4096,
      forwardDelay: 4,
      ageing: 30,
      failMode: 'secure',
    } as const;
    const { whole, config } = switchColumns({
      kind: 'ovs-switch',
      origin: [],
      namespace: 'lab',
      device: 'sw',
      controllers: [],
      ...settings,
    });
    const kept = Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== undefined));
    expect(switchIn({ ...whole, other_config: mapOf(kept) })).toEqual(settings);
    // Half of the largest age and a second, which is 20 s unless it is said.
    const { 'stp-max-age': _maxAge, ...rest } = kept;
    expect(switchIn({ ...whole, other_config: mapOf(rest) }).forwardDelay).toBe(spanningTree === 'rstp' ? 4 : 11);
  },
);
