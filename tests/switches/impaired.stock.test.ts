/** Delays of cables with tags, trunks and overlays, on bridges of Linux with VLANs and in tunnels that many kernels lack. */
import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: held
switches:
  one: { type: linux, trunks: { two: { impair: { delay: 20ms } } } }
  two: { type: linux }
networks:
  red: { subnet: 10.1.0.0/24, switch: [one, two], vlan: 100 }
  blue: { subnet: 10.2.0.0/24, switch: one, vlan: 200 }
  mesh: { subnet: 10.3.0.0/24, overlay: { over: red, type: geneve, id: 1 }, impair: { delay: 40ms } }
routers:
  r: { networks: { red: { switch: one, address: 10.1.0.1, tagged: true, impair: { delay: 15ms } }, blue: { address: 10.2.0.1, tagged: true } } }
machines:
  a: { networks: { red: { switch: two, address: 10.1.0.10 }, mesh: 10.3.0.10 } }
  b: { networks: { blue: 10.2.0.11 } }
  c: { networks: { red: { switch: one, address: 10.1.0.12 }, mesh: { address: 10.3.0.12, impair: {} } } }
  d: { networks: { red: { switch: one, address: 10.1.0.13 }, mesh: 10.3.0.13 } }
expect:
  a -> b: ping
  mesh -> mesh: ping
`;

test('delays are those of all cables on the way, there and back', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 180_000 });
    const file = write(host, text);
    await bottle.ok('up', '--no-verify', file);
    const shortest = async (from: string, to: string): Promise<number> =>
      Number(/= ([\d.]+)\//.exec(await sh(host, `ip netns exec held.${from} ping -q -i 0.01 -c 20 -W 5 ${to}`))?.[1]);
    // The trunk, both ways; and the cable of the router, in which a packet comes and goes.
    expect(await shortest('a', '10.1.0.12')).toBeGreaterThanOrEqual(40);
    expect(await shortest('a', '10.2.0.11')).toBeGreaterThanOrEqual(2 * (20 + 15 + 15));
    // What one of them, or both, send into the overlay and receive out of it.
    expect(await shortest('d', '10.3.0.12')).toBeGreaterThanOrEqual(2 * 40);
    expect(await shortest('d', '10.3.0.10')).toBeGreaterThanOrEqual(2 * (40 + 20 + 40));

    await bottle.ok('link', '-b', 'held', 'one/two', 'down');
    expect(await sh(host, 'ip netns exec held.a ping -c 2 -W 1 10.1.0.12 || :')).toContain('100% packet loss');
    await bottle.ok('link', '-b', 'held', 'd/mesh', 'down');
    expect(await sh(host, 'ip netns exec held.c ping -c 2 -W 1 10.3.0.13 || :')).toContain('100% packet loss');
    await bottle.ok('up', '--no-verify', file);
    await bottle.ok('down', '-y', 'held');
  }));
