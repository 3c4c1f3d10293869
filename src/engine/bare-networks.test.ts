import { expect, test } from 'vitest';
import { networkOf } from '../network/testing.fixture.ts';
import { diff } from '../plan/diff.ts';
import type { Resource } from '../resource/kinds.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { withBareNetworks } from './bare-networks.ts';

const file = (networks: NonNullable<BottleFile['networks']>): BottleFile => ({
  name: 'lab',
  networks,
  switches: { one: {} },
  machines: { a: { networks: Object.fromEntries(Object.keys(networks).map((name) => [name, 'auto'])) } },
});

const wire = { subnet: '10.0.0.0/24' };
const green = { subnet: '10.1.0.0/24', switch: 'one', vlan: 100 };
const red = { subnet: '10.2.0.0/24', switch: 'one', vlan: 200 };
const over = { subnet: '10.3.0.0/24', overlay: { over: 'wire', id: 7 } };
const some: Resource = { kind: 'namespace', origin: ['machines', 'a'], name: 'lab.a' };

test('those on shared switches, and those that others carry, come and go', () => {
  const plan = diff('lab', [some], []);
  expect(withBareNetworks(plan, networkOf(file({ wire, green, over })), undefined).bareNetworks).toEqual({
    coming: ['green', 'over'],
    going: [],
  });
  expect(withBareNetworks(plan, networkOf(file({ wire, green })), file({ wire, red, over })).bareNetworks).toEqual({
    coming: ['green'],
    going: ['red', 'over'],
  });
});

test('where nothing changes, nothing is said', () => {
  const plan = diff('lab', [some], [some]);
  expect(withBareNetworks(plan, networkOf(file({ wire, green })), undefined)).toEqual(plan);
});
