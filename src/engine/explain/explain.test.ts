import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { resolve } from '../../network/resolve.ts';
import { parseBottle } from '../../spec/load.ts';
import { explain, explainAll } from './explain.ts';

const text = `
name: lab
networks: { a: { subnet: [10.1.0.0/24, 'fd00:1::/64'] }, out: { subnet: 10.9.0.0/24, mode: nat } }
routers: { gate: { networks: { a: auto, out: auto } } }
machines: { one: { networks: { a: auto } }, two: { networks: { a: auto } } }
`;
const { file } = parseBottle(text, 'bottle.yaml');
const network = file && resolve(file).network;
if (file === undefined || network === undefined) throw new Error('the file is wrong');
const facts = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };
const resources = compile(network, facts);

test('a pair is told whole, once for each family', () => {
  const found = explain(network, file, resources, { from: 'one', to: 'two', service: 'ping' });
  expect(found.map(({ family, recognized }) => ({ family, recognized }))).toEqual([
    { family: 4, recognized: true },
    { family: 6, recognized: true },
  ]);
  expect(() => explain(network, file, resources, { from: 'a', to: 'two', service: 'ping' })).toThrow('more than one machine');
});

test('who is stopped sends nothing, and is not there for others', () => {
  const left = compile(network, facts, { stopped: new Set(['two']) });
  expect(() => explainAll(network, file, left, { from: 'two', to: 'one', service: 'ping' }, [])).toThrow('two is stopped');
  const { outcomes } = explainAll(network, file, left, { from: 'a', to: 'a', service: 'ping' }, []);
  expect(outcomes.map(({ from, to, explained: { there }, same }) => [from, to, there.ending.kind, same.length])).toEqual([
    ['one', 'two', 'nobody-there', 1],
  ]);
});

test('the host is reached at the addresses that it has besides', () => {
  const [address] = [{ family: 4, value: 0xc6336409n } as const];
  const foreign = [{ device: 'eth0', address, prefixLength: 24 }];
  const endOf = (to: string) => {
    const [outcome] = explainAll(network, file, resources, { from: 'one', to, service: 'ping' }, foreign).outcomes;
    return outcome?.explained.there.ending;
  };
  expect(endOf('198.51.100.9')).toEqual({ kind: 'delivered', at: '@host', listener: 'echo' });
  expect(endOf('198.51.100.10')).toEqual({ kind: 'outside', at: '@host' });
});
