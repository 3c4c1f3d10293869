import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { resolve } from '../../network/resolve.ts';
import { parseBottle } from '../../spec/load.ts';
import { prove } from '../prove/prove.ts';
import { explain } from './explain.ts';
import { nameOfDown, nameOfPlace } from './place-names.ts';

const text = `
name: lab
switches:
  north: { trunks: { south: {} } }
  south: {}
networks:
  lan: { subnet: 10.1.0.0/24, switch: [north, south] }
  far: { subnet: 10.2.0.0/24, overlay: { over: lan, id: 7 } }
links: { pipe: { subnet: 10.3.0.0/30, ends: { a: 10.3.0.1, c: 10.3.0.2 } } }
machines:
  a: { networks: { lan: { address: 10.1.0.2, switch: north }, far: 10.2.0.1 } }
  b: { networks: { lan: { address: 10.1.0.3, switch: north } } }
  c: { networks: { lan: { address: 10.1.0.4, switch: south }, far: 10.2.0.2 }, listen: ssh }
expect: { 'b -> c': ssh }
`;
const { file } = parseBottle(text, 'bottle.yaml');
const network = file && resolve(file).network;
if (file === undefined || network === undefined) throw new Error('the file is wrong');
const facts = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

test.each([
  [['north/south'], 'b', 'c', 'north/south'],
  [['b/lan'], 'b', 'c', 'b/lan'],
  [['c/lan'], 'b', 'c', 'c/lan'],
  // Others that are out are not to blame.
  [['b/lan', 'c/lan'], 'a', '10.1.0.4', 'c/lan'],
  [['b/lan', 'c/lan'], 'a', '10.1.0.3', 'b/lan'],
  [['c/far'], 'a', '10.2.0.2', 'c/far'],
  [['a/pipe'], 'a', '10.3.0.2', 'pipe'],
])('with %j out, what %s sends to %s ends at %s', (pulled, from, to, blamed) => {
  const resources = compile(network, facts, { pulled: new Set(pulled) });
  const ends = explain(network, file, resources, { from, to, service: 'tcp/22' }).map(({ there: { ending } }) =>
    ending.kind === 'link-down' ? nameOfDown(network, ending.down) : ending.kind,
  );
  expect(ends).toEqual([blamed]);
});

test('a proof says which cable is out', () => {
  const whys = (pulled: string) =>
    prove(network, compile(network, facts, { pulled: new Set([pulled]) })).flatMap(({ counterexamples }) =>
      counterexamples.map(({ why }) => why),
    );
  expect(whys('north/south')).toContain('north/south is down');
});

test('of the switches, the one that a packet came to last is told', () => {
  const [found] = explain(network, file, compile(network, facts), { from: 'b', to: 'c', service: 'tcp/22' });
  expect(found && nameOfPlace(network, 'lab', found.there.steps)).toBe('south');
});
