import { expect, test } from 'vitest';
import { formatPrefix } from '../../address/format.ts';
import { networkOf } from '../../network/testing.fixture.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { sourceCheck } from './feasible.ts';
import { graphOf } from './graph.ts';

/** By interface: what may come in by it; `*` for all that is in no subnet. */
function feasibleAt(name: string, file: BottleFile): Readonly<Record<string, readonly string[]>> {
  const network = networkOf(file);
  const graph = graphOf(network);
  const forwarder = graph.forwarders.find((one) => one.name === name);
  if (forwarder === undefined) throw new Error(`no ${name}`);
  return Object.fromEntries(
    sourceCheck(
      network,
      graph,
    )(forwarder).map(({ device, prefixes, outside }) => [device, [...prefixes.map(formatPrefix), ...(outside ? ['*'] : [])]]),
  );
}

const row: BottleFile = {
  name: 'row',
  networks: { internet: { subnet: '198.51.100.0/24' }, dmz: { subnet: '10.1.0.0/24' }, lan: { subnet: '10.2.0.0/24' } },
  routers: {
    edge: { networks: { internet: '198.51.100.2', dmz: '10.1.0.1' }, nat: { snat: { internet: '203.0.113.9' } } },
    core: { networks: { dmz: '10.1.0.2', lan: '10.2.0.1' } },
  },
};

test('in a row, everything comes from its own side', () => {
  expect(feasibleAt('edge', row)).toEqual({ internet: ['198.51.100.0/24', '203.0.113.9/32', '*'], dmz: ['10.1.0.0/24', '10.2.0.0/24'] });
  expect(feasibleAt('core', row)).toEqual({ dmz: ['10.1.0.0/24', '198.51.100.0/24', '203.0.113.9/32', '*'], lan: ['10.2.0.0/24'] });
});

test('in a ring, it may come either way round', () => {
  const ring: BottleFile = {
    name: 'ring',
    networks: { a: { subnet: '10.1.0.0/24' }, b: { subnet: '10.2.0.0/24' }, c: { subnet: '10.3.0.0/24' } },
    routers: {
      ab: { networks: { a: 'auto', b: 'auto' } },
      bc: { networks: { b: 'auto', c: 'auto' } },
      ca: { networks: { c: 'auto', a: 'auto' } },
    },
  };
  const all = ['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24'];
  expect(feasibleAt('ab', ring)).toEqual({ a: all, b: all });
});

test('what is routed to a machine may come from where the machine is', () => {
  const routed: BottleFile = {
    ...row,
    machines: { vpn: { networks: { lan: '10.2.0.9' } } },
    routers: { ...row.routers, core: { networks: { dmz: '10.1.0.2', lan: '10.2.0.1' }, routes: { '10.77.0.0/16': 'vpn' } } },
  };
  expect(feasibleAt('core', routed)['lan']).toEqual(['10.2.0.0/24', '10.77.0.0/16']);
  expect(feasibleAt('edge', routed)['dmz']).toEqual(['10.1.0.0/24', '10.2.0.0/24', '10.77.0.0/16']);
});

test('behind the host is the world, which is on the other side of no router', () => {
  const nat: BottleFile = {
    name: 'nat',
    networks: { out: { subnet: '10.9.0.0/24', mode: 'nat' }, in: { subnet: '10.8.0.0/24' } },
    routers: { gate: { networks: { out: '10.9.0.2', in: '10.8.0.1' } } },
  };
  expect(feasibleAt('gate', nat)).toEqual({ out: ['10.9.0.0/24', '*'], in: ['10.8.0.0/24'] });
  expect(feasibleAt('host', nat)).toEqual({ 'nat-out': ['10.8.0.0/24', '10.9.0.0/24'] });
});
