import { expect, test } from 'vitest';
import type { Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import type { Backend } from './backend.ts';
import { join, partOf, partWith, resourcesIn } from './part.ts';

const backend = (name: string, ...kinds: readonly Resource['kind'][]): Backend => ({
  name,
  kinds: new Set(kinds),
  read: async () => ({ resources: [], taken: [] }),
  remove: async () => undefined,
  make: async () => undefined,
});
const backends = [backend('kernel', 'namespace', 'veth', 'address', 'sysctl'), backend('nftables', 'table'), backend('process', 'process')];

const end = { device: 'lan', mac: '02:00:00:00:00:01', checksumOffload: true, up: true };
const cable: Resource = {
  kind: 'veth',
  origin: [],
  name: 'web/lan',
  mtu: 1500,
  ends: [
    { ...end, namespace: 'lab.web' },
    { ...end, namespace: 'lab' },
  ],
};
const table: Resource = { kind: 'table', origin: [], namespace: 'lab', family: 'bridge', name: 'netbottle', chains: [], sets: [] };
const setting: Resource = { kind: 'sysctl', origin: [], namespace: HOST, key: 'net/ipv4/ip_forward', value: '1' };
const namespace: Resource = { kind: 'namespace', origin: [], name: 'lab.web' };
const all = [namespace, cable, table, setting];

test('a cable is in the part of either of its ends', () => {
  expect(resourcesIn(partOf('kernel', ['lab']), backends, all)).toEqual([cable]);
  expect(resourcesIn(partOf('kernel', ['lab.web']), backends, all)).toEqual([namespace, cable]);
});

test('what another backend makes in the same namespace is in another part', () => {
  expect(resourcesIn(partOf('nftables', ['lab', HOST]), backends, all)).toEqual([table]);
  expect(resourcesIn(join([partOf('nftables', ['lab']), partOf('kernel', [HOST])]), backends, all)).toEqual([table, setting]);
});

test('resources have the smallest part that they are in, unless others live in them', () => {
  const part = partWith([cable, table], backends);
  expect(part).toEqual(join([partOf('kernel', ['lab', 'lab.web']), partOf('nftables', ['lab'])]));
  expect(partWith([cable, namespace], backends)).toBeUndefined();
});
