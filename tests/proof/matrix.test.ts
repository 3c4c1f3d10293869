import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { load } from '../../src/engine/load.ts';
import { askMatrix, type MatrixQuestion } from '../../src/engine/prove/ask-matrix.ts';
import { matrix } from '../../src/engine/prove/matrix.ts';
import { replay } from '../../src/engine/prove/replay.ts';
import { resolve } from '../../src/network/resolve.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

test('what may pass between networks is what the policy of corp says', async () => {
  const { network } = await load(join(import.meta.dirname, '..', '..', 'examples', 'corp', 'bottle.yaml'));
  const { cells, lost } = matrix(network, compile(network, host));
  const services = (from: string, to: string) => cells.find((cell) => cell.from === from && cell.to === to)?.services;
  expect(services('internet', 'dmz')).toEqual(['ping', 'tcp/25, 80, 443']);
  expect(services('hub', 'dmz')).toEqual(['ping']);
  expect(services('dmz', 'bld')).toEqual(['ping', 'tcp/8080']);
  expect(services('hub', 'shr')).toEqual(['ping', 'tcp/22, 53, 636', 'udp/53']);
  expect(lost).toEqual([]);
});

test('packets that go in a circle, and those for which somebody on the way has no route, are told with one of them', () => {
  const { network } = resolve({
    name: 'lost',
    networks: {
      a: { subnet: '10.1.0.0/24' },
      between: { subnet: '10.2.0.0/24' },
      b: { subnet: '10.3.0.0/24' },
      c: { subnet: '10.4.0.0/24' },
    },
    routers: {
      one: { networks: { a: '10.1.0.1', between: '10.2.0.1' }, routes: { c: 'none' } },
      two: { networks: { between: '10.2.0.2', b: '10.3.0.1', c: '10.4.0.1' } },
      three: { networks: { b: '10.3.0.2', c: '10.4.0.2' }, routes: { a: '10.3.0.1' } },
    },
    machines: {
      alice: { networks: { a: '10.1.0.10' } },
      bob: { networks: { b: '10.3.0.10' }, gateway: 'three', routes: { between: '10.3.0.2' } },
    },
  });
  if (network === undefined) throw new Error('the file is wrong');
  const resources = compile(network, host);
  const told = matrix(network, resources).lost.map(({ what, from, at }) => `${what} ${from} ${at}`);
  expect(told).toContain('no route a one');
  // Two routers that each take the other for the way.
  const circle = resources.map((resource) =>
    resource.kind === 'route' && resource.namespace === 'lost.two' && resource.to === '10.1.0.0/24'
      ? { ...resource, via: '10.3.0.2', device: 'b' }
      : resource,
  );
  expect(matrix(network, circle).lost.some(({ what, from }) => what === 'loop' && from === 'b')).toBe(true);
});

describe('group by group and machine by machine', async () => {
  const { network } = await load(join(import.meta.dirname, '..', '..', 'examples', 'corp', 'bottle.yaml'));
  const resources = compile(network, host);

  test('groups hold machines, routers and networks, and are told among themselves too', () => {
    const asked = askMatrix(network, resources, { by: 'groups' });
    if (asked.by !== 'groups') throw new Error('not asked by groups');
    const services = (from: string, to: string) => asked.cells.find((cell) => cell.from === from && cell.to === to)?.services;
    expect(services('apps', 'apps')).toEqual(['anything']);
    expect(services('apps', 'routers')).toEqual(['ping']);
    expect(services('inside', 'routers')).toEqual(['ping', 'tcp/443']);
    expect(services('routers', 'inside')).toEqual(['ping']);
  });

  test('machines that may do the same are told together, and what single packets do is what is told', () => {
    const asked = askMatrix(network, resources, { by: 'machines', to: ['shr', 'app1'] });
    if (asked.by !== 'machines') throw new Error('not asked by machines');
    const told = asked.blocks.map(({ from, to, services }) => `${from.join(' ')} -> ${to.join(' ')}: ${services.join('; ')}`);
    expect(told).toContain('alice bob -> jump watch: ping; tcp/22');
    expect(told).toContain('web -> app1: ping; tcp/8080');
    expect(told).toContain('app1 app2 db -> app1: anything');
    // A machine alone in its row is not told of itself.
    expect(told).toContain('jump -> dns ldap watch: anything');
    const model = modelOf(resources);
    const run = (from: string, to: string, port: number) => {
      const [source, destination] = [from, to].map((name) => network.nodes.find((node) => node.name === name)?.interfaces[0]?.addresses[0]);
      if (source === undefined || destination === undefined) throw new Error('no such machine');
      const packet = { family: 4, protocol: 6, source: source.address, destination: destination.address, sourcePort: 40_000 } as const;
      return replay(model, `corp.${from}`, { ...packet, destinationPort: port }, false).arrives;
    };
    const machines = network.nodes.filter(({ kind }) => kind === 'machine').map(({ name }) => name);
    for (const from of machines)
      for (const to of ['dns', 'ldap', 'jump', 'watch', 'app1'].filter((name) => name !== from))
        for (const port of [22, 53, 80, 636, 8080]) {
          const services = asked.blocks.find((block) => block.from.includes(from) && block.to.includes(to))?.services ?? [];
          const isTold = services.some(
            (text) => text === 'anything' || (text.startsWith('tcp') && text.match(/\d+/g)?.includes(String(port))),
          );
          expect([from, to, port, isTold]).toEqual([from, to, port, run(from, to, port)]);
        }
  });

  test('names that are none are told, with what was probably meant', () => {
    const ask = (question: MatrixQuestion) => () => askMatrix(network, resources, question);
    expect(ask({ by: 'networks', from: ['hubb'] })).toThrow('corp has no network hubb; did you mean hub?');
    expect(ask({ by: 'groups', to: ['hub'] })).toThrow('corp has no group hub');
    expect(ask({ by: 'machines', to: ['nobody'] })).toThrow('corp has no machine, router, network or group nobody');
  });
});
