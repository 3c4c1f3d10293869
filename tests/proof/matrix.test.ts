import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { load } from '../../src/engine/load.ts';
import { matrix } from '../../src/engine/prove/matrix.ts';
import { resolve } from '../../src/network/resolve.ts';

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
