import { describe, expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { withoutNodes } from '../../compile/stopped.ts';
import { resolve } from '../../network/resolve.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { pathsOf } from './paths.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

/** hub, core or spare, shr, far, store. */
const file = (more: Partial<BottleFile> = {}): BottleFile => ({
  name: 'lab',
  networks: {
    hub: { subnet: '10.1.0.0/24' },
    shr: { subnet: '10.2.0.0/24' },
    store: { subnet: '10.3.0.0/24' },
  },
  routers: {
    core: { networks: { hub: '10.1.0.1', shr: '10.2.0.1' }, ...more.routers?.['core'] },
    spare: { networks: { hub: '10.1.0.2', shr: '10.2.0.2' }, ...more.routers?.['spare'] },
    far: { networks: { shr: '10.2.0.3', store: '10.3.0.1' }, ...more.routers?.['far'] },
  },
  machines: {
    ann: { networks: { hub: 'auto' }, ...more.machines?.['ann'] },
    web: { networks: { shr: '10.2.0.10' }, ...more.machines?.['web'] },
    disk: { networks: { store: 'auto' }, ...more.machines?.['disk'] },
  },
  ...(more.policy && { policy: more.policy }),
  ...(more.forwards && { forwards: more.forwards }),
});

function pathsIn(more: Partial<BottleFile>, stopped: readonly string[] = []) {
  const { network, diagnostics } = resolve(file(more));
  if (network === undefined) throw new Error(JSON.stringify(diagnostics));
  const { holes, trips } = pathsOf(network, withoutNodes(new Set(stopped), network.name, compile(network, host)));
  return {
    holes: holes.map(({ of, what, why }) => `${of}: ${what}: ${why}`),
    trips: trips.map(({ from, to, services, there, back, lost }) =>
      [
        `${from.join()} -> ${to.join()} ${services.join('; ')}: there ${there.join()}, back ${back.join()}`,
        ...(lost === undefined ? [] : [`lost at ${lost.at} (${lost.what}) ${lost.because ?? ''}`.trim()]),
      ].join(', '),
    ),
  };
}

describe('answers', () => {
  test('that come back by the way that they are asked are not told of', () => {
    expect(pathsIn({})).toEqual({ holes: [], trips: [] });
    expect(pathsIn({ policy: { 'hub -> shr': 'ssh' } })).toEqual({ holes: [], trips: [] });
  });

  test('that come back another way', () => {
    expect(pathsIn({ machines: { web: { networks: { shr: '10.2.0.10' }, routes: { hub: 'spare' } } } }).trips).toEqual([
      'ann -> web anything: there core, back spare',
      'web -> ann anything: there spare, back core',
    ]);
  });

  test('that a rule drops, because its router has not seen what they answer', () => {
    const web = { networks: { shr: '10.2.0.10' }, routes: { hub: 'spare' } } as const;
    expect(pathsIn({ machines: { web }, policy: { 'hub -> web': 'ssh' } }).trips).toEqual([
      'ann -> web tcp/22: there core, back , lost at spare (forward) policy',
    ]);
  });

  test('for which there is no route', () => {
    expect(pathsIn({ machines: { disk: { networks: { store: 'auto' }, routes: { hub: 'none' } } } }).trips).toEqual([
      'ann -> disk anything: there core,far, back , lost at disk (no route)',
    ]);
  });
});

describe('black holes', () => {
  const spare = { networks: { hub: '10.1.0.2', shr: '10.2.0.2' } };
  const core = { networks: { hub: '10.1.0.1', shr: '10.2.0.1' } };
  const far = { networks: { shr: '10.2.0.3', store: '10.3.0.1' } };

  test('a route to a router that has no way on', () => {
    expect(pathsIn({ routers: { spare: { ...spare, routes: { '10.9.0.0/16': 'far' } } } }).holes).toEqual([
      'spare: route 10.9.0.0/16 via 10.2.0.3: far has no route to it',
    ]);
    expect(pathsIn({ routers: { far: { ...far, routes: { hub: 'none' } } } }).holes).toEqual([]);
  });

  test('a route to whoever does not forward', () => {
    expect(pathsIn({ routers: { spare: { ...spare, routes: { store: 'web' } } } }).holes).toEqual([
      'spare: route 10.3.0.0/24 via 10.2.0.10: web forwards nothing',
    ]);
  });

  test('routes that go in a circle', () => {
    const routers = { core: { ...core, routes: { store: 'spare' } }, spare: { ...spare, routes: { store: 'core' } } };
    expect(pathsIn({ routers }).holes).toEqual(['core: route 10.3.0.0/24 via 10.1.0.2: it goes in a circle by spare']);
  });

  test('routes and forwards to those who are not there', () => {
    expect(pathsIn({}, ['far']).holes).toEqual([
      'core: route 10.3.0.0/24 via 10.2.0.3: nobody has 10.2.0.3',
      'web: route 10.3.0.0/24 via 10.2.0.3: nobody has 10.2.0.3',
      'disk: route 0.0.0.0/0 via 10.3.0.1: nobody has 10.3.0.1',
      'spare: route 10.3.0.0/24 via 10.2.0.3: nobody has 10.2.0.3',
    ]);
    expect(pathsIn({ forwards: { 'core tcp/80': 'web' } }).holes).toEqual([]);
    expect(pathsIn({ forwards: { 'core tcp/80': 'web' } }, ['web']).holes).toEqual(['core: forward to 10.2.0.10: nobody has 10.2.0.10']);
  });

  test('a route to an address that nobody has, where its network ends', () => {
    expect(pathsIn({ routers: { spare: { ...spare, routes: { '10.3.0.77/32': 'far' } } } }).holes).toEqual([
      'spare: route 10.3.0.77/32 via 10.2.0.3: nobody has an address in 10.3.0.77/32',
    ]);
  });
});
