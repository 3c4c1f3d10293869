import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { Outage } from '../outage.ts';
import { networkOf } from '../testing.fixture.ts';
import { bgpRoutes } from './bgp-routes.ts';

const link = (one: string, other: string, number: number) => ({
  subnet: `10.9.${number}.0/31`,
  ends: { [one]: `10.9.${number}.0`, [other]: `10.9.${number}.1` },
});

/** `a - b - d - right` and `a - c - e - d`; `a` is at `left`. */
const ring = (as: Readonly<Record<string, number>> = {}, spec: Readonly<Record<string, object>> = {}): BottleFile => {
  const bgp = (name: string, number: number) => ({ bgp: { as: as[name] ?? number, announce: [], ...spec[name] } });
  return {
    name: 'lab',
    networks: { left: { subnet: '10.1.0.0/24' }, right: { subnet: '10.2.0.0/24' } },
    links: { ab: link('a', 'b', 1), bd: link('b', 'd', 2), ac: link('a', 'c', 3), ce: link('c', 'e', 4), ed: link('e', 'd', 5) },
    routers: {
      a: { networks: { left: '10.1.0.1' }, ...bgp('a', 1) },
      b: bgp('b', 2),
      c: bgp('c', 3),
      d: { networks: { right: '10.2.0.1' }, bgp: { as: as['d'] ?? 4, announce: 'right', ...spec['d'] } },
      e: bgp('e', 5),
    },
    machines: { m: { networks: { left: 'auto' } }, n: { networks: { right: 'auto' } } },
  };
};

const none: Outage = { stopped: new Set(), dead: new Set(), cut: new Set<string>() };
const dead = (...interfaces: readonly string[]): Outage => ({ stopped: new Set(), dead: new Set(interfaces), cut: new Set<string>() });

function learned(file: BottleFile, router: string, outage: Outage = none): readonly string[] {
  const routes = bgpRoutes(networkOf(file), 4, outage).get(router) ?? [];
  return routes.map(({ to, hops }) => `${formatPrefix(to)} ${hops.map(({ via, device }) => `${device} ${formatAddress(via)}`).join(', ')}`);
}

describe('what routers learn by BGP', () => {
  it('is the way through the fewest systems, and no network that nobody announces', () => {
    expect(learned(ring(), 'a')).toEqual(['10.2.0.0/24 ab 10.9.1.1']);
    expect(learned(ring(), 'c')).toEqual(['10.2.0.0/24 ce 10.9.4.1']);
    expect(learned(ring(), 'd')).toEqual([]);
  });

  it('goes round what is out of order', () => {
    expect(learned(ring(), 'a', dead('a/ab', 'b/ab'))).toEqual(['10.2.0.0/24 ac 10.9.3.1']);
    expect(learned(ring(), 'a', { stopped: new Set(['b']), dead: new Set(['a/ab', 'd/bd']), cut: new Set<string>() })).toEqual([
      '10.2.0.0/24 ac 10.9.3.1',
    ]);
    expect(learned(ring(), 'a', dead('d/right'))).toEqual([]);
  });

  it('comes through no system twice', () => {
    expect(learned(ring({ c: 4 }), 'c')).toEqual([]);
    expect(learned(ring({ a: 4 }), 'a')).toEqual([]);
  });

  it('counts a system once, and does not pass on within it what was heard within it', () => {
    // e is in the system of d: the way by c is as long as that by b, which has the lower router ID of the two.
    expect(learned(ring({ e: 4 }), 'a')).toEqual(['10.2.0.0/24 ab 10.9.1.1']);
    expect(learned(ring({ e: 4, c: 4 }), 'c')).toEqual([]);
  });

  it('is, of ways that are as long, that of the neighbour with the lowest router ID', () => {
    const file = ring({ b: 2, c: 3, e: 4 });
    expect(learned(file, 'a')).toEqual(['10.2.0.0/24 ab 10.9.1.1']);
    const other = { ...file, networks: { ...file.networks, low: { subnet: '10.0.0.0/24' } } };
    const routers = { ...file.routers, c: { networks: { low: '10.0.0.1' }, bgp: { as: 3, announce: [] } } };
    expect(learned({ ...other, routers }, 'a')).toEqual(['10.2.0.0/24 ac 10.9.3.1']);
  });
});
