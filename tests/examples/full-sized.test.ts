import { expect, test } from 'vitest';
import { bottleIn, example, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { crossFullSized } from './full-sized.ts';

test.each(['vxlan', 'vxlan-multicast', 'vxlan-mesh'])('%s: the largest packets cross, and none is cut on its way', (name) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = example(name, 'bottle.yaml');
    await bottle.ok('up', '--no-verify', path);
    const { pings, large, ...rest } = await crossFullSized(host, path);
    expect(rest).toEqual({ lost: [], fragments: [] });
    // Question and answer, at both ends.
    expect(large).toBeGreaterThanOrEqual(4 * pings);
    await bottle.ok('down', '-y', path);
  }),
);

test('nor where there is a narrower network between those that carry the overlay', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(
      host,
      `name: narrow
networks:
  north: { subnet: 10.50.1.0/24 }
  transit: { subnet: 10.50.3.0/24, mtu: 1400 }
  south: { subnet: 10.50.2.0/24 }
  mesh: { subnet: [192.168.60.0/24, "fd00:60::/64"], overlay: { over: [north, south], id: 100 } }
routers:
  one: { networks: { north: 10.50.1.1, transit: 10.50.3.1 } }
  two: { networks: { south: 10.50.2.1, transit: 10.50.3.2 } }
machines:
  n1: { networks: { north: 10.50.1.11, mesh: auto } }
  s1: { networks: { south: 10.50.2.11, mesh: auto } }
`,
    );
    await bottle.ok('up', '--no-verify', path);
    expect(await crossFullSized(host, path)).toMatchObject({ pings: 4, lost: [], fragments: [] });
    await bottle.ok('down', '-y', path);
  }));
