/** What commands and files do to cables with tags, trunks, tunnels and overlays, with a rate alone: most kernels have that. */
import { describe, expect, test } from 'vitest';
import { type Bottle, bottleIn, example, sh, write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

/** Percent, of twenty large packets at once: with 20 kbit/s two of them find room. */
async function lossOf(host: PrivateHost, from: string, to: string): Promise<number> {
  const text = await sh(host, `ip netns exec ${from} ping -q -c 20 -i 0.01 -s 1200 -W 5 ${to} || :`);
  return Number(/([\d.]+)% packet loss/.exec(text)?.[1]);
}

const toHost = `name: lab
networks:
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], mode: host-only, host: 10.1.0.1 }
  out: { subnet: 10.2.0.0/24, mode: nat, host: { impair: { rate: 50mbit } } }
machines:
  a: { networks: { lan: auto, out: auto } }
expect:
  a -> 10.1.0.1: ping
`;

const onInterface = `name: lab
networks:
  lan: { subnet: 10.1.0.0/24, mode: bridged, attach: { interface: e0 } }
machines:
  a: { networks: { lan: { address: 10.1.0.10 } } }
  b: { networks: { lan: 10.1.0.11 } }
expect:
  b -> a: ping
`;

const toBridge = `name: lab
networks:
  lan: { subnet: 10.1.0.0/24, mode: bridged, attach: { bridge: br0, impair: { rate: 20kbit } } }
machines:
  a: { networks: { lan: 10.1.0.9 } }
`;

interface Way {
  readonly bottle: string;
  readonly from: string;
  readonly to: string;
}

interface Explained {
  readonly packets: readonly { readonly there: { readonly ending: { readonly kind: string } } }[];
}

const endingOf = async (bottle: Bottle, name: string, from: string, to: string): Promise<string | undefined> =>
  (await bottle.json<Explained>(0, 'explain', from, to, 'ping', '-b', name)).packets[0]?.there.ending.kind;

/** Slow, plain again, out, in. */
async function goes(host: PrivateHost, bottle: Bottle, file: string, cable: string, { bottle: name, from, to }: Way): Promise<void> {
  const loss = (): Promise<number> => lossOf(host, `${name}.${from}`, to);
  await expect.poll(loss).toBe(0);
  expect(await bottle.json(0, 'impair', '-b', name, cable, 'rate=20kbit')).toMatchObject({ cables: [expect.any(String)] });
  expect(await loss()).toBeGreaterThan(50);
  await bottle.ok('impair', '-b', name, cable, 'none');
  await expect.poll(loss).toBe(0);

  await bottle.ok('link', '-b', name, cable, 'down');
  expect(await loss()).toBe(100);
  expect(await bottle.ok('ls')).toContain('1 pulled out');
  expect(await endingOf(bottle, name, from, to)).not.toBe('delivered');
  expect((await bottle(['plan', file])).status).toBe(2);
  expect((await bottle(['verify', name])).status).toBe(3);
  await bottle.ok('link', '-b', name, cable, 'up');
  await expect.poll(loss).toBe(0);
  expect(await bottle.json(0, 'plan', file)).toMatchObject({ changes: [] });
  expect(await endingOf(bottle, name, from, to)).toBe('delivered');
  await bottle.ok('verify', name);
}

const inBottle = (
  path: string | ((host: PrivateHost) => string),
  act: (host: PrivateHost, bottle: Bottle, path: string) => Promise<void>,
) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const file = typeof path === 'string' ? path : path(host);
    await bottle.ok('up', file);
    await act(host, bottle, file);
    await bottle.ok('down', '-y', file);
  });

const trunk = (type: string): string => `name: trunk
switches:
  one: { type: ${type}, trunks: { two: {} } }
  two: { type: ${type} }
networks:
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: [one, two] }
machines:
  a: { networks: { lan: { address: 10.1.0.10, switch: one } } }
  b: { networks: { lan: { address: 10.1.0.11, switch: two } } }
expect:
  a -> b: ping
`;

describe('a cable that is slow, and one that is pulled out', { timeout: 120_000 }, () => {
  test('with tags: all of its networks', () =>
    inBottle(example('router-on-a-stick', 'bottle.yaml'), (host, bottle, file) =>
      goes(host, bottle, file, 'gate/app', { bottle: 'router-on-a-stick', from: 'web1', to: '10.2.30.11' }),
    ));

  test.each(['linux', 'ovs'])('between two switches, %s', (type) =>
    inBottle(
      (host) => write(host, trunk(type)),
      (host, bottle, file) => goes(host, bottle, file, 'two/one', { bottle: 'trunk', from: 'a', to: '10.1.0.11' }),
    ),
  );

  test('no cable, but a device on an interface of the host', () =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      await sh(host, 'ip link add e0 type veth peer name e1 && ip link set e0 up && ip link set e1 up');
      const file = write(host, onInterface);
      await bottle.ok('up', file);
      await goes(host, bottle, file, 'a/lan', { bottle: 'lab', from: 'b', to: '10.1.0.10' });

      await bottle.ok('impair', '-b', 'lab', 'a/lan', 'rate=20kbit');
      const received = (): Promise<string> => sh(host, 'ip netns exec lab.a tc qdisc show dev lan.in');
      expect(await received()).toMatch(/tbf .*rate 20Kbit/);
      // What comes in is slow by itself, too.
      await sh(host, 'ip netns exec lab.a tc qdisc del dev lan root');
      expect(await lossOf(host, 'lab.b', '10.1.0.10')).toBeGreaterThan(50);
      await bottle.ok('impair', '-b', 'lab', 'a/lan', 'rate=30kbit');
      expect(await received()).toMatch(/tbf .*rate 30Kbit/);

      // Whoever takes a part of it away, up puts it back, and what goes leaves nothing.
      await bottle.ok('up', write(host, onInterface.replace('address: 10.1.0.10', 'address: 10.1.0.10, impair: { rate: 20kbit }')));
      await sh(host, 'ip netns exec lab.a tc qdisc del dev lan ingress');
      expect((await bottle(['plan', file])).status).toBe(2);
      await bottle.ok('up', file);
      expect(await sh(host, 'ip netns exec lab.a tc filter show dev lan ingress')).toContain('Redirect to device lan.in');
      await sh(host, 'ip -n lab.a link del lan.in');
      await bottle.ok('up', file);
      expect(await lossOf(host, 'lab.b', '10.1.0.10')).toBeGreaterThan(50);
      await bottle.ok('up', write(host, onInterface));
      expect(await sh(host, 'ip -n lab.a -br link; ip netns exec lab.a tc qdisc show')).not.toMatch(/lan\.in|tbf|ingress/);
      await expect.poll(() => lossOf(host, 'lab.b', '10.1.0.10')).toBe(0);
      await bottle.ok('down', '-y', 'lab');
    }));

  test('between a network and the host', () =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      const file = write(host, toHost);
      await bottle.ok('up', file);
      expect(await sh(host, 'tc qdisc show dev lab-out')).toMatch(/tbf .*rate 50Mbit/);
      await goes(host, bottle, file, 'host/lan', { bottle: 'lab', from: 'a', to: '10.1.0.1' });
      // None of the network's own cables.
      expect(await bottle.json(0, 'impair', '-b', 'lab', 'lan', 'rate=5mbit')).toMatchObject({ cables: ['a/lan'] });
      await bottle.ok('impair', '-b', 'lab', 'host/out', 'rate=5mbit');
      await sh(host, 'tc qdisc del dev lab-out root');
      expect(await bottle.ok('up', file)).toContain('rate 50mbit on lab-out in @host');
      expect(await bottle.ok('show', '-b', 'lab', 'host')).toMatch(/lab-out .*rate 50mbit/);
      await bottle.ok('down', '-y', 'lab');
    }));

  test('between a network and a bridge of the host', () =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      await sh(host, 'ip link add br0 type bridge && ip addr add 10.1.0.1/24 dev br0 && ip link set br0 up');
      const file = write(host, toBridge);
      await bottle.ok('up', file);
      const loss = (): Promise<number> => lossOf(host, 'lab.a', '10.1.0.1');
      expect(await loss()).toBeGreaterThan(50);
      await bottle.ok('impair', '-b', 'lab', 'host/lan', 'none');
      await expect.poll(loss).toBe(0);
      await bottle.ok('link', '-b', 'lab', 'host/lan', 'down');
      expect(await loss()).toBe(100);
      await bottle.ok('up', file);
      expect(await sh(host, 'tc qdisc show dev lab-lan')).toMatch(/tbf .*rate 20Kbit/);
      await bottle.ok('down', '-y', 'lab');
    }));

  test('no cable, but a tunnel between switches in machines', () =>
    inBottle(example('ovs-overlay', 'bottle.yaml'), (host, bottle, file) =>
      goes(host, bottle, file, 'bridgea/bridgeb', { bottle: 'ovs-overlay', from: 'web1', to: '172.16.0.3' }),
    ));

  test('no cable, but the way of a machine into an overlay', () =>
    inBottle(example('vxlan', 'bottle.yaml'), (host, bottle, file) =>
      goes(host, bottle, file, 'boxa/overlay', { bottle: 'vxlan', from: 'boxb', to: '192.168.60.4' }),
    ));
});

const machines = `  m1: { networks: { lan: { switch: s1 } } }
  m2: { networks: { lan: { switch: s2 } } }
  m3: { networks: { lan: { switch: s3 } } }
expect:
  lan -> lan: ping
`;

const cables = `name: ring
switches:
  s1: { type: linux, stp: true, trunks: { s2: { impair: { rate: 50mbit } } } }
  s2: { type: linux, stp: true, trunks: { s3: {} } }
  s3: { type: linux, stp: true, trunks: { s1: {} } }
networks:
  lan: { subnet: 10.81.0.0/24, switch: [s1, s2, s3] }
machines:
${machines}`;

const tunnels = `name: ring
switches:
  s1: { type: ovs, machine: x1, stp: true, trunks: { s2: { over: wire, id: 1, impair: { rate: 50mbit } } } }
  s2: { type: ovs, machine: x2, stp: true, trunks: { s3: { over: wire, id: 2 } } }
  s3: { type: ovs, machine: x3, stp: true, trunks: { s1: { over: wire, id: 3 } } }
networks:
  wire: { subnet: 10.80.0.0/24 }
  lan: { subnet: 10.81.0.0/24, switch: [s1, s2, s3] }
machines:
  x1: { networks: { wire: auto } }
  x2: { networks: { wire: auto } }
  x3: { networks: { wire: auto } }
${machines}`;

test.each([
  { what: 'cables between bridges of Linux', text: cables, at: 'ring' },
  { what: 'tunnels between switches of Open vSwitch', text: tunnels, at: 'ring.x1' },
])(
  'in a ring of $what the other way is found, whichever is pulled out: proof and measurement say so',
  { timeout: 240_000 },
  ({ text, at }) =>
    inBottle(
      (host) => write(host, text),
      async (host, bottle) => {
        const devices = await sh(host, `ip netns exec ${at} tc qdisc show`);
        expect(devices.match(/dev s[12]\.\S+ root .*rate 50Mbit/g)).toHaveLength(2);
        for (const cable of ['s1/s2', 's2/s3']) {
          await bottle.ok('link', '-b', 'ring', cable, 'down');
          // Waits for the spanning tree.
          const { verdicts, proofs } = await bottle.json<{ verdicts: { state: string }[]; proofs: { state: string }[] }>(
            0,
            'verify',
            'ring',
          );
          expect([...proofs, ...verdicts].map(({ state }) => state)).toEqual(['proved', 'held']);
          await bottle.ok('link', '-b', 'ring', cable, 'up');
        }
      },
    ),
);
