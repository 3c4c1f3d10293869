import { describe, expect, it } from 'vitest';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { hostsFile, hostsOf, resolverFile } from './hosts.ts';
import { resolve } from './resolve.ts';
import { addressesIn, networkOf, nodeOf, routesOf, said } from './testing.fixture.ts';

const corp: BottleFile = {
  name: 'corp',
  networks: {
    internet: { subnet: '198.51.100.0/24' },
    dmz: { subnet: ['10.1.0.0/24', 'fd00:1::/64'], domain: 'dmz.corp' },
    shr: { subnet: '10.3.0.0/24' },
    hub: { subnet: '10.4.0.0/24' },
  },
  routers: {
    edge: { networks: { internet: '198.51.100.2', dmz: '10.1.0.1' } },
    core: { networks: { dmz: '10.1.0.2', shr: '10.3.0.1', hub: '10.4.0.1' } },
  },
  machines: {
    web: { networks: { dmz: '10.1.0.10' }, listen: ['http', 'https'] },
    jump: { networks: { shr: '10.3.0.10' }, listen: 'ssh' },
    alice: { networks: { hub: 'auto' } },
    someone: { networks: { internet: 'auto' } },
  },
  expect: { 'hub -> jump': 'ssh', 'hub -> shr': 'only [ssh, ping]', 'internet -> shr': 'nothing' },
};

describe('a resolved network', () => {
  it('sends each packet to the nearest router, and the rest outside', () => {
    const network = networkOf(corp);
    expect(routesOf(network, 'web')).toEqual(['default via 10.1.0.1 dmz', '10.3.0.0/24 via 10.1.0.2 dmz', '10.4.0.0/24 via 10.1.0.2 dmz']);
    expect(routesOf(network, 'alice')).toEqual(['default via 10.4.0.1 hub']);
    expect(routesOf(network, 'someone')).toEqual(['default via 198.51.100.2 internet']);
    expect(routesOf(network, 'core')).toEqual(['default via 10.1.0.1 dmz']);
    expect(routesOf(network, 'edge')).toEqual(['10.3.0.0/24 via 10.1.0.2 dmz', '10.4.0.0/24 via 10.1.0.2 dmz']);
  });

  it('is the same whatever the order of the file', () => {
    const turned = Object.fromEntries(
      Object.entries(corp)
        .toReversed()
        .map(([key, value]) => [key, typeof value === 'object' ? Object.fromEntries(Object.entries(value).toReversed()) : value]),
    ) as BottleFile;
    const [one, other] = [networkOf(corp), networkOf(turned)];
    for (const { name } of one.nodes) expect(nodeOf(other, name)).toEqual(nodeOf(one, name));
  });

  it('cannot be changed', () => {
    const network = networkOf(corp);
    expect(Object.isFrozen(network) && Object.isFrozen(network.nodes) && Object.isFrozen(network.nodes[0]?.interfaces[0])).toBe(true);
  });

  it('reads ends and services of promises', () => {
    const [ssh, only, nothing] = networkOf(corp).expectations;
    expect(ssh).toMatchObject({ mode: 'at-least', from: { nodes: ['alice'], segment: 'hub' }, to: { nodes: ['jump'] } });
    expect(only).toMatchObject({
      mode: 'only',
      services: [
        { protocol: 'tcp', ports: { from: 22, to: 22 }, name: 'ssh' },
        { protocol: 'icmp', name: 'ping' },
      ],
    });
    expect(nothing).toMatchObject({ mode: 'nothing', services: [] });
  });
});

describe('addresses', () => {
  it('are derived in every subnet for which the file gives none', () => {
    expect(addressesIn(networkOf(corp), 'web')['dmz']).toEqual(['10.1.0.10/24', expect.stringMatching(/^fd00:1::.*\/64$/)]);
  });

  it('give the host the first that is free', () => {
    const host = (machine: string) => {
      const { segments } = networkOf({
        name: 'lab',
        networks: { out: { subnet: '10.0.2.0/24', mode: 'nat' } },
        machines: { a: { networks: { out: machine } } },
      });
      return segments[0]?.attachment;
    };
    expect(host('auto')).toMatchObject({ mode: 'nat', host: { device: 'lab-out', addresses: [{ address: { value: 0x0a000201n } }] } });
    expect(host('10.0.2.1')).toMatchObject({ host: { addresses: [{ address: { value: 0x0a000202n } }] } });
  });

  it('fill both ends of a cable', () => {
    const network = networkOf({
      name: 'lab',
      networks: { left: { subnet: '10.1.0.0/24' }, right: { subnet: '10.2.0.0/24' } },
      links: { wire: { subnet: '10.9.0.0/31', ends: { one: 'auto', two: 'auto' } } },
      routers: { one: { networks: { left: 'auto' } }, two: { networks: { right: 'auto' } } },
      machines: { a: { networks: { left: 'auto' } }, b: { networks: { right: 'auto' } } },
      expect: { 'a -> b': 'ping' },
    });
    const ends = [addressesIn(network, 'one')['wire'], addressesIn(network, 'two')['wire']].flat();
    expect(ends.toSorted()).toEqual(['10.9.0.0/31', '10.9.0.1/31']);
  });

  it('are unique in networks that a bridge joins', () => {
    const network = networkOf({
      name: 'lab',
      networks: { left: { subnet: '192.168.0.0/16' }, right: { subnet: '192.168.0.0/16' } },
      bridges: { br: { networks: ['left', 'right'], address: '192.168.70.4', ageing: 20 } },
      machines: { a: { networks: { left: '192.168.50.4' } }, b: { networks: { right: '192.168.60.4' } } },
      expect: { 'a -> b': 'ping', 'a -> br': 'ping' },
    });
    const { interfaces, bridge } = nodeOf(network, 'br');
    expect(interfaces.map(({ device, addresses }) => [device, addresses])).toEqual([
      ['left', []],
      ['right', []],
    ]);
    expect(bridge).toMatchObject({ device: 'bridge', ageing: 20, mtu: 1500, forwardDelay: 0, addresses: [{ prefixLength: 16 }] });
    expect(routesOf(network, 'a')).toEqual([]);
  });
});

describe('routes by hand', () => {
  const lab = (machine: object, router: object = {}, dmz: object = {}): BottleFile => ({
    name: 'lab',
    networks: {
      out: { subnet: '10.0.2.0/24', mode: 'nat' },
      dmz: { subnet: '10.1.0.0/24', ...dmz },
      shr: { subnet: '10.3.0.0/24' },
      hub: { subnet: '10.4.0.0/24' },
    },
    routers: {
      edge: { networks: { out: 'auto', dmz: '10.1.0.1' } },
      core: { networks: { dmz: '10.1.0.2', shr: '10.3.0.1', hub: '10.4.0.1' }, ...router },
    },
    machines: { web: { networks: { dmz: '10.1.0.10' }, ...machine } },
  });
  const web = (machine: object, dmz: object = {}) => routesOf(networkOf(lab(machine, {}, dmz)), 'web');

  it('replace the default', () => {
    expect(web({})).toEqual(['default via 10.1.0.1 dmz', '10.3.0.0/24 via 10.1.0.2 dmz', '10.4.0.0/24 via 10.1.0.2 dmz']);
    expect(web({ gateway: 'core' })).toEqual(['default via 10.1.0.2 dmz', '10.0.2.0/24 via 10.1.0.1 dmz']);
    expect(web({}, { gateway: 'core' })).toEqual(['default via 10.1.0.2 dmz', '10.0.2.0/24 via 10.1.0.1 dmz']);
    expect(web({ gateway: 'edge' }, { gateway: 'core' })[0]).toBe('default via 10.1.0.1 dmz');
    expect(web({ gateway: 'none' })).toEqual([
      '10.0.2.0/24 via 10.1.0.1 dmz',
      '10.3.0.0/24 via 10.1.0.2 dmz',
      '10.4.0.0/24 via 10.1.0.2 dmz',
    ]);
    expect(web({}, { gateway: 'none' })).toEqual(web({ gateway: 'none' }));
  });

  it('stand for all that they cover', () => {
    expect(web({ routes: { shr: '10.1.0.77' } })).toEqual([
      'default via 10.1.0.1 dmz',
      '10.3.0.0/24 via 10.1.0.77 dmz',
      '10.4.0.0/24 via 10.1.0.2 dmz',
    ]);
    expect(web({ routes: { '10.0.0.0/8': 'edge' } })).toEqual(['default via 10.1.0.1 dmz', '10.0.0.0/8 via 10.1.0.1 dmz']);
  });

  it('make unreachable what the default would take otherwise', () => {
    expect(web({ routes: { hub: 'none' } })).toEqual([
      'default via 10.1.0.1 dmz',
      '10.3.0.0/24 via 10.1.0.2 dmz',
      '10.4.0.0/24 unreachable',
    ]);
    expect(web({ routes: { hub: 'none' }, gateway: 'none' })).toEqual(['10.0.2.0/24 via 10.1.0.1 dmz', '10.3.0.0/24 via 10.1.0.2 dmz']);
  });

  it('are looked at for answers that come back another way', () => {
    const file: BottleFile = {
      name: 'lab',
      networks: { a: { subnet: '10.1.0.0/24' }, b: { subnet: '10.2.0.0/24' }, c: { subnet: '10.3.0.0/24' } },
      routers: {
        edge: { networks: { a: '10.1.0.1', b: '10.2.0.1' } },
        core: { networks: { b: '10.2.0.2', c: '10.3.0.1' } },
        backup: { networks: { a: '10.1.0.3', b: '10.2.0.3', c: '10.3.0.3' } },
      },
      machines: { web: { networks: { a: 'auto' }, routes: { c: 'edge' } }, db: { networks: { c: 'auto' } } },
    };
    const { diagnostics } = resolve(file);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`web` -> `db` goes by `edge` and `backup`; `db` -> `web` comes back by `backup`',
    ]);
  });

  it('reach the host of a nat network and back', () => {
    const { segments, nodes } = networkOf(lab({}));
    const out = segments.find(({ name }) => name === 'out')?.attachment;
    expect('host' in (out ?? {}) && out?.mode === 'nat' && out.host.routes.map(({ to }) => to.value)).toEqual([
      0x0a010000n,
      0x0a030000n,
      0x0a040000n,
    ]);
    expect(nodes.find(({ name }) => name === 'web')?.resolver).toEqual({ servers: [], search: ['dmz.lab'], host: true });
  });
});

describe('networks and the host', () => {
  const bridged = (attach: object): BottleFile => ({
    name: 'lab',
    networks: { lan: { subnet: '192.168.1.0/24', mode: 'bridged', attach, gateway: '192.168.1.1' }, inner: { subnet: '10.1.0.0/24' } },
    routers: { edge: { networks: { lan: 'auto', inner: '10.1.0.1' } } },
    machines: { a: { networks: { lan: 'auto' } }, b: { networks: { inner: 'auto' } } },
  });

  it('are joined by macvlan, port or bridge', () => {
    const attachment = (attach: object) => networkOf(bridged(attach)).segments[0]?.attachment;
    expect(attachment({ interface: 'eth1' })).toEqual({ mode: 'macvlan', parent: 'eth1' });
    expect(attachment({ interface: 'eth1', by: 'veth' })).toEqual({ mode: 'port', parent: 'eth1', device: 'lab-lan' });
    expect(attachment({ bridge: 'br0' })).toEqual({ mode: 'bridge', bridge: 'br0', device: 'lab-lan' });
  });

  it('go out by a gateway that is not of the file', () => {
    const network = networkOf(bridged({ bridge: 'br0' }));
    expect(routesOf(network, 'edge')).toEqual(['default via 192.168.1.1 lan']);
    expect(routesOf(network, 'b')).toEqual(['default via 10.1.0.1 inner']);
    expect(routesOf(network, 'a')).toEqual([
      'default via 192.168.1.1 lan',
      expect.stringMatching(/^10\.1\.0\.0\/24 via 192\.168\.1\.\d+ lan$/),
    ]);
  });

  it('give machines of host-only networks no way out', () => {
    const network = networkOf({
      name: 'lab',
      networks: { only: { subnet: '192.168.50.0/24', mode: 'host-only' } },
      machines: { a: { networks: { only: '192.168.50.4' } } },
    });
    expect(routesOf(network, 'a')).toEqual([]);
    expect(nodeOf(network, 'a').resolver.host).toBe(false);
  });
});

describe('names', () => {
  it('are known everywhere, with and without the domain', () => {
    const text = hostsFile(
      hostsOf(networkOf({ ...corp, networks: { ...corp.networks, hub: { subnet: '10.4.0.0/24', mode: 'host-only', host: '10.4.0.9' } } })),
    );
    expect(text).toContain('10.1.0.10 web.dmz.corp web\n');
    expect(text).toContain('10.3.0.1 core.shr.corp core\n');
    expect(text).toContain('10.4.0.1 core.hub.corp core\n');
    expect(text).toContain('10.4.0.9 host.hub.corp\n');
  });

  it('are asked of the nearest servers', () => {
    const network = networkOf({
      ...corp,
      networks: { ...corp.networks, dmz: { subnet: '10.1.0.0/24', dns: ['jump', '9.9.9.9'] } },
      machines: { ...corp.machines, own: { networks: { dmz: 'auto' }, dns: '1.1.1.1' } },
    });
    expect(resolverFile(nodeOf(network, 'web').resolver, [])).toBe('search dmz.corp\nnameserver 10.3.0.10\nnameserver 9.9.9.9\n');
    expect(resolverFile(nodeOf(network, 'own').resolver, [])).toBe('search dmz.corp\nnameserver 1.1.1.1\n');
    expect(resolverFile({ servers: [], search: [], host: true }, ['127.0.0.53'])).toBe('nameserver 127.0.0.53\n');
  });

  it('of devices fit Linux', () => {
    const long = 'a-very-long-network';
    const network = networkOf({
      name: 'a-long-bottle',
      networks: {
        all: { subnet: '10.1.0.0/24', mode: 'nat' },
        [long]: { subnet: '10.2.0.0/24' },
        [`${long}er`]: { subnet: '10.3.0.0/24' },
      },
      machines: { m: { networks: { all: 'auto', [long]: 'auto', [`${long}er`]: 'auto' } } },
    });
    const devices = nodeOf(network, 'm').interfaces.map(({ device }) => device);
    expect(new Set(devices).size).toBe(3);
    for (const device of devices) expect(device).toMatch(/^[a-z][a-z0-9-]{2,14}$/);
    expect(devices).not.toContain('all');
    expect(network.segments[0]?.attachment).toMatchObject({ host: { device: expect.stringMatching(/^a-long-bo-\w{5}$/) } });
  });
});

describe('what runs', () => {
  it('has a name, a command and an absolute directory', () => {
    const run = (spec: NonNullable<NonNullable<BottleFile['machines']>[string]['run']>) => {
      const { network } = resolve(
        { name: 'lab', networks: { n: { subnet: '10.1.0.0/24' } }, machines: { m: { networks: { n: 'auto' }, run: spec } } },
        { directory: '/srv/lab' },
      );
      return network && nodeOf(network, 'm').processes;
    };
    expect(run('nginx')).toMatchObject([{ name: 'run', command: ['/bin/sh', '-c', 'nginx'], directory: '/srv/lab', restart: 'never' }]);
    expect(run({ app: { command: ['./app', '-v'], directory: 'app', environment: { PORT: 80 }, restart: 'always' } })).toMatchObject([
      { name: 'app', command: ['./app', '-v'], directory: '/srv/lab/app', environment: { PORT: '80' }, restart: 'always' },
    ]);
  });
});

describe('mistakes', () => {
  it('are all reported at once', () => {
    const { network, diagnostics } = resolve({
      name: 'lab',
      networks: { dmz: { subnet: '10.1.0.1/24' }, hub: { subnet: '10.4.0.0/24' } },
      machines: { any: { networks: { hub: '10.4.0.255' } }, web: { networks: { dnz: 'auto' }, listen: 'htpp' } },
      expect: { 'wep -> any': 'ssh' },
    });
    expect(network).toBeUndefined();
    expect(diagnostics.map(({ code }) => code).toSorted()).toEqual([
      'host-bits',
      'reserved-name',
      'unknown-end',
      'unknown-network',
      'unknown-service',
      'unusable-address',
    ]);
    for (const { remedy } of diagnostics) expect(remedy).toBeTruthy();
  });

  it('do not stop a network that is merely odd', () => {
    expect(said({ name: 'lab', networks: { dmz: { subnet: '10.1.0.0/24' } } })).toEqual(['unused-network networks.dmz']);
    expect(said({ name: 'empty' })).toEqual([]);
  });
});
