import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, program, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { readExample } from './read-example.ts';

const host = hostForAll();
const bottle = bottleIn(host);

/** What tcpdump has seen on a device of a machine while something was done, once it has seen `enough`. */
async function seen(name: string, machine: string, device: string, act: () => Promise<unknown>, enough: RegExp): Promise<string> {
  const dump = ['exec', '-b', name, machine, '--', 'tcpdump', '-i', device, '-e', '-n', '-v', '-l', 'udp'];
  const watching = host.start([...program, ...dump], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  watching.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  if (watching.stderr !== null) await once(watching.stderr, 'data');
  try {
    await act();
    await expect.poll(() => text).toMatch(enough);
    return text;
  } finally {
    watching.kill('SIGKILL');
  }
}

const full = (name: string, from: string, to: string, size: number): Promise<string> =>
  bottle.sh(name, from, `ping -c 1 -W 9 -M do -s ${size} ${to}`);

describe('vxlan', () => {
  beforeAll(() => bottle.ok('up', '--no-verify', example('vxlan', 'bottle.yaml')));
  afterAll(() => bottle.ok('down', '-y', 'vxlan'));
  const large = 1450 - 28;

  test('frames of the overlay travel in UDP packets to port 4789, and the largest fill a packet of the underlay without being cut', async () => {
    const ping = () => full('vxlan', 'boxa', '192.168.60.5', large);
    const text = await seen('vxlan', 'boxb', 'underlay', ping, /echo reply/);
    expect(text).toMatch(/length 1500\)\s+192\.168\.50\.4\.\d+ > 192\.168\.50\.5\.4789: VXLAN, flags \[I\] \(0x08\), vni 100/);
    expect(text).not.toMatch(/flags \[\+\]|offset [1-9]/);
    expect(await ping()).toContain('1 received');
    expect(await full('vxlan', 'boxa', '192.168.60.5', large + 1)).toContain('0 received');
  });

  test('large transfers pass', async () => {
    const python = (code: string): string => `python3 -c "${code}"`;
    const server =
      "s=__import__('socket').create_server(('192.168.60.5',9001));c=s.accept()[0];n=0\nwhile True:\n d=c.recv(65536)\n n+=len(d)\n if not d: break\nprint(n)";
    const client = "s=__import__('socket').create_connection(('192.168.60.5',9001),9);s.sendall(bytes(3000000));s.close()";
    const serving = bottle.sh('vxlan', 'boxb', `timeout 30 ${python(server)}`);
    await expect.poll(() => bottle.sh('vxlan', 'boxb', 'ss -tlnH sport = 9001')).toContain('9001');
    await bottle.sh('vxlan', 'boxa', python(client));
    expect((await serving).trim()).toBe('3000000');
  });

  test('what others do to the tunnel and its table is seen and repaired, and what was learned is no change', async () => {
    await full('vxlan', 'boxa', '192.168.60.5', large);
    const path = example('vxlan', 'bottle.yaml');
    expect(await bottle(['plan', path])).toMatchObject({ status: 0 });
    await bottle.sh(
      'vxlan',
      'boxa',
      'bridge fdb del 00:00:00:00:00:00 dev overlay dst 192.168.50.5; bridge fdb append 00:00:00:00:00:00 dev overlay dst 192.168.50.99',
    );
    await bottle.sh('vxlan', 'boxb', 'ip link delete overlay');
    expect((await bottle(['plan', path])).status).toBe(2);
    await bottle.ok('up', '-y', path);
    expect(await bottle(['plan', path])).toMatchObject({ status: 0 });
    expect(await bottle.sh('vxlan', 'boxa', 'bridge fdb show dev overlay')).not.toContain('192.168.50.99');
  });

  test('another identifier makes the tunnels anew, and nothing else', async () => {
    const path = write(host, readExample('vxlan').replace('id: 100', 'id: 101'));
    const { changes } = await bottle.json<{ changes: { action: string; identity: string }[] }>(2, 'plan', path);
    expect(changes.filter(({ identity }) => !/tunnel|forwarding-entry|overlay/.test(identity))).toEqual([]);
    await bottle.ok('up', '-y', path);
    await bottle.ok('up', '-y', example('vxlan', 'bottle.yaml'));
  });
});

describe('vxlan-multicast', () => {
  beforeAll(() => bottle.ok('up', '--no-verify', example('vxlan-multicast', 'bottle.yaml')));
  afterAll(() => bottle.ok('down', '-y', 'vxlan-multicast'));
  const name = 'vxlan-multicast';

  test('all are in the group', async () => {
    for (const box of ['boxa', 'boxb', 'boxc'])
      expect(await bottle.sh(name, box, 'ip maddress show dev underlay')).toContain('239.255.0.1');
  });

  test('a question goes to the group, and the third endpoint learns from it who is where', async () => {
    const learned = () => bottle.sh(name, 'boxc', 'bridge fdb show dev overlay');
    expect(await learned()).not.toContain('192.168.50.4');
    const mac = (await bottle.sh(name, 'boxa', 'cat /sys/class/net/overlay/address')).trim();
    const text = await seen(
      name,
      'boxc',
      'underlay',
      () => bottle.sh(name, 'boxa', 'ping -c 1 192.168.60.5'),
      /192\.168\.50\.4\.\d+ > 239\.255\.0\.1\.4789/,
    );
    expect(text).toMatch(/ttl 5,/);
    expect(text).toContain('Request who-has 192.168.60.5 tell 192.168.60.4');
    await expect.poll(learned).toContain(`${mac} dst 192.168.50.4`);
  });
});

test('vxlan-mesh: nothing is learned, and everything was known', async () => {
  await bottle.ok('up', example('vxlan-mesh', 'bottle.yaml'));
  const table = (await bottle.sh('vxlan-mesh', 'n1', 'bridge fdb show dev mesh')).trim().split('\n');
  expect(table).toHaveLength(18);
  expect(table.filter((line) => !line.endsWith('permanent'))).toEqual([]);
  expect(await full('vxlan-mesh', 'n1', '192.168.60.25', 1450 - 28)).toContain('1 received');
  await bottle.ok('down', '-y', 'vxlan-mesh');
});

test('a policy of routers that are in an overlay speaks of what it carries, and not of the packets that carry it', async () => {
  const path = write(
    host,
    `name: sites
networks:
  wan: { subnet: [198.51.100.0/24, "fd00:51::/64"] }
  left: { subnet: 10.1.0.0/24 }
  right: { subnet: 10.2.0.0/24 }
  joint: { subnet: 10.0.0.0/24, overlay: { over: wan, id: 5, group: 239.255.0.9 } }
  joint6: { subnet: "fd00:60::/64", overlay: { over: wan, id: 6, group: "ff05::9" } }
routers:
  one: { networks: { wan: auto, left: 10.1.0.1, joint: 10.0.0.1, joint6: auto } }
  two: { networks: { wan: auto, right: 10.2.0.1, joint: 10.0.0.2, joint6: "fd00:60::2" }, routes: { left: 10.0.0.1 } }
machines:
  a: { networks: { left: 10.1.0.9 }, gateway: one }
  b: { networks: { right: 10.2.0.9 }, listen: http }
policy:
  left -> b: [http, ping]
  one -> two: ping
expect:
  left -> b: only [http, ping]
  one -> 10.0.0.2: ping
  one -> fd00:60::2: ping
  right -> a: nothing
`,
  );
  await bottle.ok('up', path);
  expect(await bottle.ok('explain', 'a', 'b', 'http', path)).toContain('arrives at b');
  await bottle.ok('down', '-y', 'sites');
});
