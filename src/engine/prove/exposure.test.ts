import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { resolve } from '../../network/resolve.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { openings } from './exposure.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

function change(before: BottleFile, after: BottleFile) {
  const [old, now] = [before, after].map((file) => resolve(file).network);
  if (old === undefined || now === undefined) throw new Error('a file is wrong');
  return openings(now, compile(old, host), compile(now, host)).changes;
}

test('a flow that drops another port opens one and closes one; what becomes of answers is told apart', () => {
  const dropping = (port: number): BottleFile => ({
    name: 'lab',
    networks: { lan: { subnet: '10.5.0.0/24', switch: 'sw' } },
    switches: { sw: { type: 'ovs', flows: [{ match: ['tcp', `tcp_dst=${port}`], actions: 'drop' }] } },
    machines: { a: { networks: { lan: 'auto' } }, b: { networks: { lan: 'auto' } } },
  });
  const from = change(dropping(23), dropping(24)).filter((one) => one.from === 'a');
  expect(from.map(({ what, services, fromPorts }) => [what, services, fromPorts])).toEqual([
    ['opens', 'tcp/23', undefined],
    ['closes', 'tcp/24', undefined],
    // The answer to who sends from port 23 was dropped, and to who sends from port 24 is.
    ['opens', 'tcp/0-22, 25-65535', 'below 1024'],
    ['closes', 'tcp/0-22, 25-65535', 'below 1024'],
  ]);
});

test('a few protocols are named, and not all others as what it does not open', () => {
  const dropping = (protocols: readonly string[]): BottleFile => ({
    name: 'lab',
    networks: { lan: { subnet: ['10.5.0.0/24', 'fd00:5::/64'], switch: 'sw' } },
    switches: { sw: { type: 'ovs', flows: protocols.map((match) => ({ match, actions: 'drop' })) } },
    machines: { a: { networks: { lan: 'auto' } }, b: { networks: { lan: 'auto' } } },
  });
  const from = change(dropping(['tcp', 'tcp6', 'udp', 'udp6']), dropping([])).filter(
    (one) => one.from === 'a' && one.fromPorts === undefined,
  );
  expect([...new Set(from.map(({ services }) => services))]).toEqual(['tcp, udp']);
});

test('a line of the policy opens what it says, whatever the source port', () => {
  const file = (services: string[]): BottleFile => ({
    name: 'lab',
    networks: { left: { subnet: '10.1.0.0/24' }, right: { subnet: '10.2.0.0/24' } },
    routers: { r: { networks: { left: '10.1.0.1', right: '10.2.0.1' } } },
    machines: { a: { networks: { left: 'auto' } }, b: { networks: { right: 'auto' } } },
    policy: { 'a -> b': services },
  });
  const found = change(file(['tcp/80']), file(['tcp/80', 'tcp/5432']));
  expect(found).toMatchObject([{ what: 'opens', from: 'a', to: 'b', services: 'tcp/5432' }]);
  expect(found[0]).not.toHaveProperty('fromPorts');
});
