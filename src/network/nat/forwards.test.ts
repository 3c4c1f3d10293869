import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../address/format.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { resolve } from '../resolve.ts';
import { addressesIn, networkOf, nodeOf, routesOf, said } from '../testing.fixture.ts';

const lab: BottleFile = {
  name: 'lab',
  networks: {
    internet: { subnet: '198.51.100.0/24' },
    dmz: { subnet: ['10.1.0.0/24', 'fd00:1::/64'] },
    hub: { subnet: '10.4.0.0/24' },
    out: { subnet: '10.9.0.0/24', mode: 'nat' },
    only: { subnet: '10.8.0.0/24', mode: 'host-only' },
  },
  routers: {
    edge: { networks: { internet: ['198.51.100.2', '198.51.100.3'], dmz: ['10.1.0.1', 'fd00:1::1'] } },
    core: { networks: { dmz: '10.1.0.2', hub: '10.4.0.1', out: 'auto' } },
  },
  machines: {
    web: { networks: { hub: '10.4.0.10', dmz: ['10.1.0.10', 'fd00:1::10', '10.1.0.11'] } },
    far: { networks: { hub: '10.4.0.20' } },
    near: { networks: { only: '10.8.0.10' } },
  },
};

function forwardsOf(forwards: Readonly<Record<string, string>>) {
  return networkOf({ ...lab, forwards }).forwards.map(({ text, at, addresses, protocol, ports, to }) => ({
    text,
    at,
    addresses: addresses.map(formatAddress).join(' '),
    ports: `${protocol}/${ports.from}-${ports.to}`,
    to: `${to.node} ${to.addresses.map(formatAddress).join(' ')} ${to.ports.from}-${to.ports.to}`,
  }));
}

describe('a forward', () => {
  it("of a router is for all of its addresses of the machine's families, and leads to the nearest of the machine's", () => {
    expect(forwardsOf({ 'edge tcp/80': 'web' })).toEqual([
      {
        text: 'edge tcp/80',
        at: 'edge',
        addresses: '198.51.100.2 198.51.100.3 10.1.0.1 fd00:1::1',
        ports: 'tcp/80-80',
        to: 'web 10.1.0.10 fd00:1::10 80-80',
      },
    ]);
    expect(forwardsOf({ 'edge tcp/80': 'far' })).toMatchObject([
      { addresses: '198.51.100.2 198.51.100.3 10.1.0.1', to: 'far 10.4.0.20 80-80' },
    ]);
  });

  it('can be for one address, ports of others, and a service with several ports', () => {
    expect(forwardsOf({ '198.51.100.3 tcp/8000-8010': 'web:9000-9010', 'edge dns': 'web' })).toMatchObject([
      { at: 'edge', addresses: '198.51.100.3', ports: 'tcp/8000-8010', to: 'web 10.1.0.10 9000-9010' },
      { ports: 'tcp/53-53' },
      { ports: 'udp/53-53' },
    ]);
  });

  it('of the host is for all of its addresses or for one, also for machines behind a router and in host-only networks', () => {
    expect(
      forwardsOf({ 'host tcp/2222': 'far:22', 'host tcp/23': 'near', '192.0.2.1 tcp/24': 'near', '10.9.0.1 tcp/25': 'far' }),
    ).toMatchObject([
      { at: 'host', addresses: '', to: 'far 10.4.0.20 22-22' },
      { at: 'host', addresses: '', to: 'near 10.8.0.10 23-23' },
      { at: 'host', addresses: '192.0.2.1' },
      { at: 'host', addresses: '10.9.0.1' },
    ]);
  });

  it('is refused where another has the port already, of the same address only', () => {
    const twice = (...keys: readonly string[]) =>
      said({
        ...lab,
        forwards: Object.fromEntries(keys.map((key) => [key, key.startsWith('host') || key.startsWith('192') ? 'near' : 'web'])),
      });
    expect(twice('edge tcp/80', '198.51.100.3 tcp/1-100')).toEqual(['forward-twice forwards.edge tcp/80']);
    expect(twice('host tcp/80', '192.0.2.1 tcp/80')).toEqual(['forward-twice forwards.192.0.2.1 tcp/80']);
    expect(
      twice('198.51.100.2 tcp/80', '198.51.100.3 tcp/80', '198.51.100.3 udp/80', 'core tcp/80', '192.0.2.1 tcp/80', '192.0.2.2 tcp/80'),
    ).toEqual([]);
  });

  it('that is wrong is told about along with everything else', () => {
    const { diagnostics } = resolve({ ...lab, forwards: { 'egde tcp/80': 'wep' }, expect: { 'web -> nobody': 'ssh' } });
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(['forward-target', 'forward-where', 'unknown-end']);
  });
});

describe('source NAT', () => {
  const text = (file: BottleFile, router: string) =>
    nodeOf(networkOf(file), router).nat.map(({ segment, to, except }) => [segment, to.map(formatAddress), except.length]);

  it('of a router is masquerade or an address, with exceptions for prefixes and networks', () => {
    const nat = { masquerade: 'dmz', snat: { internet: '198.51.100.3' }, except: ['10.8.0.0/16', 'dmz', '10.7.0.1'] };
    const file = { ...lab, routers: { ...lab.routers, edge: { ...lab.routers?.['edge'], nat } } };
    expect(text(file, 'edge')).toEqual([
      ['dmz', [], 4],
      ['internet', ['198.51.100.3'], 4],
    ]);
    expect(text(file, 'core')).toEqual([]);
  });

  it('is there for every `nat` network and no other', () => {
    const { segments } = networkOf({
      ...lab,
      networks: { ...lab.networks, second: { subnet: '10.7.0.0/24', mode: 'nat', nat: { to: '192.0.2.5' } } },
    });
    expect(segments.flatMap(({ name, nat }) => (nat === undefined ? [] : [[name, nat.to.map(formatAddress)]]))).toEqual([
      ['out', []],
      ['second', ['192.0.2.5']],
    ]);
  });
});

describe('several addresses of one family', () => {
  it('are in the order of the file, and others derive none of them', () => {
    expect(addressesIn(networkOf(lab), 'web')['dmz']).toEqual(['10.1.0.10/24', '10.1.0.11/24', 'fd00:1::10/64']);
    const network = networkOf({
      name: 'lab',
      networks: { lan: { subnet: '10.1.0.0/29' } },
      machines: {
        a: { networks: { lan: ['10.1.0.3', '10.1.0.2', '10.1.0.5'] } },
        b: { networks: { lan: 'auto' } },
        c: { networks: { lan: 'auto' } },
      },
    });
    expect(addressesIn(network, 'a')['lan']).toEqual(['10.1.0.3/29', '10.1.0.2/29', '10.1.0.5/29']);
    expect([addressesIn(network, 'b')['lan'], addressesIn(network, 'c')['lan']].flat().sort()).toEqual(['10.1.0.4/29', '10.1.0.6/29']);
  });

  it('are routed to by the first', () => {
    const file: BottleFile = {
      ...lab,
      routers: { ...lab.routers, edge: { networks: { internet: ['198.51.100.9', '198.51.100.2'], dmz: 'auto' } } },
    };
    expect(
      routesOf(networkOf({ ...file, machines: { ...lab.machines, someone: { networks: { internet: 'auto' } } } }), 'someone')[0],
    ).toContain('198.51.100.9');
  });
});

describe('tenants', () => {
  it('share a shared network, and keep to their own', () => {
    const file: BottleFile = {
      name: 'lab',
      networks: { lan: { subnet: '10.1.0.0/24', shared: true }, own: { subnet: '10.2.0.0/24', tenant: 'acme' } },
      machines: {
        a: { networks: { lan: 'auto', own: 'auto' }, tenant: 'acme' },
        b: { networks: { lan: 'auto' }, tenant: 'globex' },
        c: { networks: { lan: 'auto' } },
      },
    };
    const network = networkOf(file);
    expect(network.segments.map(({ name, shared, tenant }) => [name, shared, tenant])).toEqual([
      ['lan', true, undefined],
      ['own', false, 'acme'],
    ]);
    expect(network.nodes.map(({ name, tenant }) => [name, tenant])).toEqual([
      ['a', 'acme'],
      ['b', 'globex'],
      ['c', undefined],
    ]);
    expect(said({ ...file, machines: { ...file.machines, d: { networks: { own: 'auto' }, tenant: 'globex' } } })).toEqual([
      'tenant-elsewhere machines.d.networks.own',
    ]);
  });
});
