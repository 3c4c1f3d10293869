import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { Network } from './network.ts';
import { fileOf, plan } from './plan.fixture.ts';
import { resolve } from './resolve.ts';
import { createWalker } from './routing/walk.ts';
import { addressesOf } from './station.ts';
import { addressesIn, networkOf } from './testing.fixture.ts';

/** Fewest routers between a node and a network, found in another way: by relaxing until nothing changes. */
function fewestRouters(network: Network, from: string, target: string, family: 4 | 6): number {
  const has = (segment: string) =>
    network.segments.find(({ name }) => name === segment)?.subnets.some((subnet) => subnet.family === family) === true;
  const within = (node: Network['nodes'][number]) => node.interfaces.map(({ segment }) => segment).filter(has);
  const source = network.nodes.find(({ name }) => name === from);
  const cost = new Map(within(source as Network['nodes'][number]).map((segment) => [segment, 0]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const router of network.nodes.filter(({ kind, name }) => kind === 'router' && name !== from)) {
      const best = Math.min(...within(router).map((segment) => cost.get(segment) ?? Number.POSITIVE_INFINITY));
      for (const segment of within(router)) {
        if (best + 1 >= (cost.get(segment) ?? Number.POSITIVE_INFINITY)) continue;
        cost.set(segment, best + 1);
        changed = true;
      }
    }
  }
  return cost.get(target) ?? Number.POSITIVE_INFINITY;
}

describe('found routes', () => {
  it('lead to every address that can be reached, there and back, over as few routers as possible', () => {
    fc.assert(
      fc.property(plan, (sketch) => {
        const network = networkOf(fileOf(sketch));
        const walker = createWalker(network);
        for (const from of network.nodes) {
          for (const to of network.nodes) {
            if (from === to) continue;
            for (const { address, segment } of addressesOf(to)) {
              const fewest = fewestRouters(network, from.name, segment, address.family);
              const walk = walker.walk(from.name, address);
              expect(walk.outcome).not.toBe('loop');
              expect(walk.outcome).not.toBe('not-forwarded');
              // The host may join two networks of its own: then there is a way that only it knows.
              if (fewest === Number.POSITIVE_INFINITY) expect(walk.outcome === 'delivered' && !walk.routers.includes('host')).toBe(false);
              else {
                expect(walk.outcome).toBe('delivered');
                // A router that has the address lies on the way already.
                expect(walk.routers.length).toBeLessThanOrEqual(fewest);
              }
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('bring answers back the way that the packets went', () => {
    fc.assert(
      fc.property(plan, (sketch) => {
        const single = { ...sketch, machines: sketch.machines.map((list) => list.slice(0, 1)) };
        const network = networkOf(fileOf(single));
        const walker = createWalker(network);
        const machines = network.nodes.filter(({ kind }) => kind === 'machine');
        for (const from of machines) {
          for (const to of machines) {
            for (const { address } of addressesOf(to)) {
              const source = addressesOf(from).find((one) => one.address.family === address.family);
              if (source === undefined) continue;
              const there = walker.walk(from.name, address);
              if (there.outcome !== 'delivered' || there.routers.includes('host')) continue;
              const back = walker.walk(to.name, source.address);
              expect(back.routers.toReversed()).toEqual(there.routers);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('have no line that the default would do', () => {
    fc.assert(
      fc.property(plan, (sketch) => {
        for (const { routes } of networkOf(fileOf(sketch)).nodes) {
          for (const family of [4, 6] as const) {
            const own = routes
              .filter((route) => route.type === 'unicast' && route.to.family === family)
              .map((route) => ({ length: route.to.length, via: route.type === 'unicast' ? route.via.value : 0n }));
            const main = own.find(({ length }) => length === 0);
            expect(own.filter(({ length, via }) => length > 0 && via === main?.via)).toEqual([]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('derived addresses', () => {
  const addresses = (network: Network) => new Map(network.nodes.map(({ name }) => [name, addressesIn(network, name)]));

  it('do not change when a network, a router or a machine elsewhere is added', () => {
    fc.assert(
      fc.property(plan, (sketch) => {
        const file = fileOf(sketch);
        const before = addresses(networkOf(file));
        const added: BottleFile = {
          ...file,
          networks: { aaa: { subnet: '172.16.0.0/24' }, ...file.networks, zzz: { subnet: '172.17.0.0/24' } },
          routers: { added: { networks: { aaa: 'auto', zzz: 'auto' } }, ...file.routers },
          machines: { another: { networks: { aaa: 'auto' } }, ...file.machines },
        };
        const after = addresses(networkOf(added));
        for (const [name, own] of before) expect(after.get(name)).toEqual(own);
      }),
      { numRuns: 100 },
    );
  });

  it('move few others when a machine is added to a half-full subnet', () => {
    const file = (names: readonly string[]): BottleFile => ({
      name: 'lab',
      networks: { n: { subnet: '10.1.0.0/24' } },
      machines: Object.fromEntries(names.map((name) => [name, { networks: { n: 'auto' } }])),
    });
    const names = Array.from({ length: 120 }, (_, index) => `m${index}`);
    const before = addresses(networkOf(file(names)));
    let moved = 0;
    for (let index = 0; index < 100; index += 1) {
      const after = addresses(networkOf(file([...names, `x${index}`])));
      for (const [name, own] of before) if (after.get(name)?.['n']?.[0] !== own['n']?.[0]) moved += 1;
    }
    // In the mean fewer than one machine of 120 for each that is added.
    expect(moved).toBeLessThan(100);
  });

  it('fill a subnet to the last one', () => {
    const file = (count: number): BottleFile => ({
      name: 'lab',
      networks: { n: { subnet: '10.1.0.0/28' } },
      machines: Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, { networks: { n: 'auto' } }])),
    });
    expect(new Set([...addresses(networkOf(file(13))).values()].map((own) => own['n']?.[0])).size).toBe(13);
    expect(resolve(file(14)).diagnostics.map(({ code }) => code)).toEqual(['subnet-full']);
  });

  it('of IPv6 never collide in practice', () => {
    const machines = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`machine-${index}`, { networks: { n: 'auto' } }]));
    const network = networkOf({ name: 'lab', networks: { n: { subnet: 'fd00::/64' } }, machines });
    expect(new Set([...addresses(network).values()].map((own) => own['n']?.[0])).size).toBe(3000);
    expect(new Set(network.nodes.map(({ interfaces }) => interfaces[0]?.mac)).size).toBe(3000);
  });
});

describe('any file that has passed the schema', () => {
  const word = fc.constantFrom(
    ...['a', 'b', 'c', 'any', 'internet', 'host', 'auto', 'none', 'default', '', ' ', '->', 'a -> b', 'b -> any', 'internet -> 10.0.0.0/8'],
    ...[
      '10.1.0.0/24',
      '10.1.0.1',
      '10.1.0.0/31',
      '10.1.0.255',
      'fd00::/64',
      'fd00::1',
      '0.0.0.0/0',
      '::/0',
      '::ffff:1.2.3.4',
      'fe80::1%a',
      '10.1.0.5/24',
      '10.2.0.0/16',
    ],
    ...['ssh', 'tcp/1-70', 'udp/5', 'only ssh', 'nothing', 'only', 'constructor', 'toString', '\0', '02:00:00:00:00:01'],
  );
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'any', 'host', 'internet', 'default', 'a-name-that-is-longer-than-15');
  const oneOrMore = fc.oneof(word, fc.array(word, { maxLength: 3 }));
  const mtu = fc.integer({ min: 68, max: 65535 });
  const attachment = fc.oneof(oneOrMore, fc.record({ address: oneOrMore, mac: word }, { requiredKeys: [] }));
  const record = <Value>(key: fc.Arbitrary<string>, value: fc.Arbitrary<Value>) => fc.dictionary(key, value, { maxKeys: 4 });
  const host = fc.record(
    {
      networks: record(fc.oneof(name, word), attachment),
      gateway: word,
      routes: record(fc.oneof(name, word), fc.oneof(name, word)),
      dns: oneOrMore,
      listen: oneOrMore,
      run: record(name, word),
      tenant: name,
      nat: fc.record({ masquerade: oneOrMore, snat: record(name, oneOrMore), except: oneOrMore }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  const network = fc.record(
    {
      subnet: oneOrMore,
      mode: fc.constantFrom('internal', 'host-only', 'nat', 'routed', 'bridged'),
      host: oneOrMore,
      attach: fc.record({ interface: word, bridge: word, by: fc.constantFrom('macvlan', 'veth') }, { requiredKeys: [] }),
      gateway: fc.oneof(name, word),
      domain: word,
      dns: oneOrMore,
      mtu,
      stp: fc.boolean(),
      shared: fc.boolean(),
      tenant: name,
      nat: fc.record({ to: oneOrMore, except: oneOrMore }, { requiredKeys: [] }),
    },
    { requiredKeys: ['subnet'] },
  );
  const file = fc.record(
    {
      name: fc.constantFrom('lab', 'a'),
      networks: record(name, network),
      links: record(name, fc.record({ subnet: oneOrMore, ends: record(name, attachment), mtu }, { requiredKeys: ['subnet', 'ends'] })),
      bridges: record(
        name,
        fc.record(
          { networks: fc.array(name, { minLength: 2, maxLength: 3 }), address: oneOrMore, stp: fc.boolean() },
          { requiredKeys: ['networks'] },
        ),
      ),
      routers: record(name, host),
      machines: record(name, host),
      groups: record(name, fc.array(fc.oneof(name, word), { maxLength: 3 })),
      services: record(fc.oneof(name, word), oneOrMore),
      forwards: record(
        fc.oneof(
          word,
          fc.tuple(fc.oneof(name, word), word).map((parts) => parts.join(' ')),
        ),
        fc.oneof(
          name,
          word,
          fc.tuple(name, word).map((parts) => parts.join(':')),
        ),
      ),
      policy: record(
        fc.oneof(
          word,
          fc.tuple(fc.oneof(name, word), fc.oneof(name, word)).map((ends) => ends.join(' -> ')),
        ),
        fc.oneof(oneOrMore, fc.record({ allow: oneOrMore, deny: oneOrMore, log: fc.boolean() }, { requiredKeys: [] })),
      ),
      expect: record(
        fc.oneof(
          word,
          fc.tuple(name, name).map((ends) => ends.join(' -> ')),
        ),
        oneOrMore,
      ),
    },
    { requiredKeys: ['name'] },
  );

  it('is answered with a network or with errors that have a place and a remedy, never with an exception', () => {
    fc.assert(
      fc.property(file, (any) => {
        const { network: result, diagnostics } = resolve(any as BottleFile);
        expect(result === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        for (const { origin, remedy, message } of diagnostics) expect([origin, remedy, message].every(Boolean)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
