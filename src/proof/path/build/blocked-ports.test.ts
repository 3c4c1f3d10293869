import { expect, test } from 'vitest';
import { type CompileOptions, compile } from '../../../compile/compile.ts';
import { networkOf } from '../../../network/testing.fixture.ts';
import type { HostFacts } from '../../../resource/host-facts.ts';
import { modelOf } from './model-of.ts';

const host: HostFacts = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

const over = (id: number) => ({ over: 'wire', id });
const boxes = networkOf({
  name: 'tring',
  switches: {
    s1: { type: 'ovs', machine: 'x1', stp: true, trunks: { s2: over(1) } },
    s2: { type: 'ovs', machine: 'x2', stp: true, trunks: { s3: over(2) } },
    s3: { type: 'ovs', machine: 'x3', stp: true, trunks: { s1: over(3) } },
  },
  networks: { wire: { subnet: '10.80.0.0/24' }, lan: { subnet: '10.81.0.0/24', switch: ['s1', 's2', 's3'] } },
  machines: { x1: { networks: { wire: 'auto' } }, x2: { networks: { wire: 'auto' } }, x3: { networks: { wire: 'auto' } } },
});

const blocked = (options: CompileOptions = {}): readonly string[] =>
  [...modelOf(compile(boxes, host, options)).stations.values()].flatMap(({ devices }) =>
    [...devices.values()].flatMap((device) => (device.blocked === true ? [device.name] : [])),
  );

test('in a ring of tunnels one is blocked, as Open vSwitch has it, and none once another is out', () => {
  expect(blocked()).toEqual(['s3.s2']);
  const delay = { delay: 1, jitter: 0, loss: 0, duplicate: 0, reorder: 0, rate: 0 };
  expect(blocked({ impaired: new Map([['s1/s2', delay]]) })).toEqual(['s3.s2']);
  expect(blocked({ pulled: new Set(['s1/s2']) })).toEqual([]);
  expect(blocked({ pulled: new Set(['s2/s3']) })).toEqual([]);
});
