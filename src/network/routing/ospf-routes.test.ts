import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { Outage } from '../outage.ts';
import { networkOf, nodeOf, routesOf, said } from '../testing.fixture.ts';
import { ospfRoutes } from './ospf-routes.ts';

const link = (one: string, other: string, number: number) => ({
  subnet: [`10.9.${number}.0/31`, `fd00:9:${number}::/64`],
  ends: { [one]: `10.9.${number}.0`, [other]: `10.9.${number}.1` },
});

/** `left - a - b - right`, and `a - c - b`. */
const triangle = (a: object = {}, c: object = {}): BottleFile => ({
  name: 'lab',
  networks: { left: { subnet: '10.1.0.0/24' }, right: { subnet: '10.2.0.0/24' } },
  links: { ab: link('a', 'b', 1), ac: link('a', 'c', 2), cb: link('c', 'b', 3) },
  routers: { a: { networks: { left: '10.1.0.1' }, ospf: a }, b: { networks: { right: '10.2.0.1' }, ospf: {} }, c: { ospf: c } },
  machines: { m: { networks: { left: 'auto' } }, n: { networks: { right: 'auto' } } },
});

const none: Outage = { stopped: new Set(), dead: new Set(), cut: new Set<string>() };

function learned(file: BottleFile, router: string, outage: Outage = none): readonly string[] {
  const routes = ospfRoutes(networkOf(file), 4, outage).get(router) ?? [];
  return routes.map(({ to, hops }) => `${formatPrefix(to)} ${hops.map(({ via, device }) => `${device} ${formatAddress(via)}`).join(', ')}`);
}

describe('what routers learn by OSPF', () => {
  it('is the way that costs least, and not the shortest', () => {
    expect(learned(triangle(), 'a')).toEqual(['10.2.0.0/24 ab 10.9.1.1', '10.9.3.0/31 ab 10.9.1.1, ac 10.9.2.1']);
    expect(learned(triangle({ cost: { ab: 100 } }), 'a')).toEqual(['10.2.0.0/24 ac 10.9.2.1', '10.9.3.0/31 ac 10.9.2.1']);
    expect(learned(triangle({ cost: { ab: 100 } }), 'b')).toEqual(['10.1.0.0/24 ab 10.9.1.0', '10.9.2.0/31 ab 10.9.1.0, cb 10.9.3.0']);
  });

  it('is all ways that cost the same', () => {
    expect(learned(triangle({ cost: { ab: 20 } }), 'a')[0]).toBe('10.2.0.0/24 ab 10.9.1.1, ac 10.9.2.1');
  });

  it('does not come through whoever keeps silent, whose networks are not known either', () => {
    expect(learned(triangle({ passive: 'ab' }), 'a')).toEqual(['10.2.0.0/24 ac 10.9.2.1', '10.9.3.0/31 ac 10.9.2.1']);
    expect(learned(triangle({ passive: 'ab' }), 'b')[0]).toBe('10.1.0.0/24 cb 10.9.3.0');
  });

  it('goes round what is out of order', () => {
    const dead = (...interfaces: readonly string[]): Outage => ({ stopped: new Set(), dead: new Set(interfaces), cut: new Set<string>() });
    expect(learned(triangle(), 'a', dead('a/ab', 'b/ab'))).toEqual(['10.2.0.0/24 ac 10.9.2.1', '10.9.3.0/31 ac 10.9.2.1']);
    expect(learned(triangle(), 'a', { stopped: new Set(['b']), dead: new Set(['a/ab', 'c/cb']), cut: new Set<string>() })).toEqual([]);
    expect(learned(triangle(), 'a', dead('b/right'))).not.toContainEqual(expect.stringContaining('10.2.0.0/24'));
  });

  it('comes over a network of several as over a cable, by link-local addresses for IPv6', () => {
    const file: BottleFile = {
      name: 'lab',
      networks: {
        core: { subnet: ['10.0.0.0/24', 'fd00::/64'] },
        right: { subnet: ['10.2.0.0/24', 'fd00:2::/64'] },
        other: { subnet: '10.3.0.0/24' },
      },
      routers: {
        a: { networks: { core: '10.0.0.1', other: 'auto' }, ospf: {} },
        b: { networks: { core: '10.0.0.2', other: 'auto' }, ospf: { passive: 'other' } },
        c: { networks: { core: '10.0.0.3', right: '10.2.0.1' }, ospf: {} },
      },
      machines: { m: { networks: { right: 'auto' } } },
    };
    expect(learned(file, 'a')).toEqual(['10.2.0.0/24 core 10.0.0.3']);
    const six = ospfRoutes(networkOf(file), 6, none).get('a') ?? [];
    expect(six.map(({ to, hops }) => [formatPrefix(to), hops.map(({ via }) => formatAddress(via).slice(0, 4))])).toEqual([
      ['fd00:2::/64', ['fe80']],
    ]);
    const ways = nodeOf(networkOf(file), 'a').ospf?.interfaces.map(({ passive, pointToPoint }) => ({ passive, pointToPoint }));
    expect(ways).toEqual([
      { passive: false, pointToPoint: false },
      { passive: true, pointToPoint: false },
    ]);
  });

  it('has the default route of who announces one, and of nobody else', () => {
    const out = (announced: boolean): BottleFile => {
      const file = triangle({}, announced ? { default: true } : {});
      return {
        ...file,
        networks: { ...file.networks, wan: { subnet: '10.7.0.0/24', mode: 'nat' } },
        routers: { ...file.routers, c: { ...file.routers?.['c'], networks: { wan: '10.7.0.2' } } },
      };
    };
    expect(learned(out(true), 'a')[0]).toBe('0.0.0.0/0 ac 10.9.2.1');
    expect(learned(out(true), 'c')).not.toContainEqual(expect.stringContaining('0.0.0.0/0'));
    expect(learned(out(false), 'a')).not.toContainEqual(expect.stringContaining('0.0.0.0/0'));
    expect(routesOf(networkOf(out(true)), 'c')).toEqual(['default via 10.7.0.1 wan']);
  });

  it('is all that such a router knows, but for routes of the file', () => {
    const file = triangle();
    expect(routesOf(networkOf(file), 'a')).toEqual([]);
    const given = { ...file, routers: { ...file.routers, a: { ...file.routers?.['a'], routes: { right: 'c' } } } };
    expect(routesOf(networkOf(given), 'a')).toEqual(['10.2.0.0/24 via 10.9.2.1 ac']);
    expect(learned(given, 'a')).not.toContainEqual(expect.stringContaining('10.2.0.0/24'));
  });

  it('is nothing where there is nobody to learn from', () => {
    const file = triangle();
    const lonely = { ...file, routers: { ...file.routers, b: { networks: { right: 'auto' } }, c: {} } };
    expect(said(lonely)).toContain('routing-alone routers.a.ospf');
  });
});
