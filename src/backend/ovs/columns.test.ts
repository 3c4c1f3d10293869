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

test('a switch is read as it was written', () => {
  const settings = {
    mac: '02:00:00:00:00:01',
    datapath: 'netdev',
    spanningTree: 'rstp',
    priority: 4096,
    forwardDelay: 4,
    ageing: 30,
    failMode: 'secure',
  } as const;
  const { whole, config } = switchColumns({ kind: 'ovs-switch', origin: [], namespace: 'lab', device: 'sw', controllers: [], ...settings });
  expect(switchIn({ ...whole, other_config: mapOf(config as Record<string, string>) })).toEqual(settings);
});
