import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { resolve } from '../../network/resolve.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { askMatrix, type MatrixQuestion } from './ask-matrix.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

const lab: BottleFile = {
  name: 'lab',
  networks: { lan: { subnet: '10.1.0.0/24', mode: 'nat' }, back: { subnet: '10.2.0.0/24' } },
  routers: { gate: { networks: { lan: '10.1.0.2', back: '10.2.0.1' } } },
  machines: { web: { networks: { lan: '10.1.0.10' } }, db: { networks: { back: '10.2.0.10' } }, log: { networks: { back: '10.2.0.11' } } },
  groups: { front: ['web'], rear: ['back'] },
};

function fromOutside(file: BottleFile, by: MatrixQuestion['by'], to?: readonly string[]): readonly string[] {
  const { network, diagnostics } = resolve(file);
  if (network === undefined) throw new Error(JSON.stringify(diagnostics));
  const told = askMatrix(network, compile(network, host), { by, from: ['outside'], ...(to && { to }) });
  const cells = told.by === 'machines' ? told.blocks : told.cells;
  return cells.map(({ from, to: targets, services }) => `${from} -> ${targets}: ${services.join('; ')}`);
}

test('nothing but forwards comes into a network behind NAT', () => {
  expect(fromOutside(lab, 'networks')).toEqual([]);
  expect(fromOutside({ ...lab, forwards: { 'host tcp/8080': 'web:80', '10.1.0.2 tcp/22': 'db' } }, 'networks')).toEqual([
    'outside -> lan: tcp/8080',
  ]);
});

test('into a network that is routed everything comes that no line forbids', () => {
  const routed: BottleFile = { ...lab, networks: { ...lab.networks, lan: { subnet: '10.1.0.0/24', mode: 'routed' } } };
  expect(fromOutside(routed, 'networks')).toEqual(['outside -> lan: anything', 'outside -> back: anything']);
  const policy: BottleFile['policy'] = { 'internet -> web': ['http', 'ping'], 'any -> db': 'postgres' };
  expect(fromOutside({ ...routed, policy }, 'groups')).toEqual(['outside -> front: ping; tcp/80', 'outside -> rear: tcp/5432']);
  expect(fromOutside({ ...routed, policy }, 'machines')).toEqual(['outside -> web: ping; tcp/80', 'outside -> db: tcp/5432']);
  expect(fromOutside({ ...routed, policy }, 'machines', ['back'])).toEqual(['outside -> db: tcp/5432']);
});

test('a network that the host has others in is open to them, and what is behind its routers as far as lines allow', () => {
  const lan = { subnet: '10.1.0.0/24', mode: 'bridged', attach: { interface: 'eth1' }, gateway: '10.1.0.254' } as const;
  const bridged: BottleFile = { ...lab, networks: { ...lab.networks, lan } };
  expect(fromOutside({ ...bridged, policy: { 'internet -> db': 'postgres' } }, 'machines')).toEqual([
    'outside -> web: anything',
    'outside -> db: tcp/5432',
  ]);
});

test('where nobody comes in, that is said', () => {
  const closed: BottleFile = { ...lab, networks: { ...lab.networks, lan: { subnet: '10.1.0.0/24', mode: 'host-only' } } };
  expect(() => fromOutside(closed, 'networks')).toThrow('nobody outside has a way into lab');
  const named: BottleFile = { ...closed, networks: { ...closed.networks, outside: { subnet: '10.3.0.0/24' } } };
  expect(fromOutside(named, 'networks')).toEqual([]);
});
