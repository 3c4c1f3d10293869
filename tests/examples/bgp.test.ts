import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hopsIn } from '../cli/hops.ts';
import { differences } from '../host-state/differences.ts';
import { hostForEach } from '../host-state/host-of-tests.ts';

const host = hostForEach();
const bottle = bottleIn(host);

const file = example('bgp', 'bottle.yaml');

const hops = (from: string, to: string): Promise<readonly string[]> => hopsIn(bottle, 'bgp', from, to);

const EAST = ['10.1.0.1', '10.9.1.1', '10.9.2.1', '10.2.0.10'];
const WEST = ['10.1.0.1', '10.9.3.1', '10.9.4.1', '10.9.5.1', '10.2.0.10'];

test('when a cable is out, packets take the longer way, and come back when it is in again', async () => {
  const before = await host.state();
  expect(await bottle.ok('up', file)).toContain('3 of 3 promises held, 3 proved');
  expect(await hops('alice', 'bob')).toEqual(EAST);
  await bottle.ok('link', '-y', '-b', 'bgp', 'acme-east', 'down');
  expect(await bottle(['verify', 'bgp'])).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('3 of 3 promises held, 3 proved'),
  });
  expect(await hops('alice', 'bob')).toEqual(WEST);
  expect(await bottle.sh('bgp', 'bob', 'ping -c 1 -w 20 fd00:1::10')).toContain('1 received');
  await bottle.ok('link', '-y', '-b', 'bgp', 'acme-east', 'up');
  await bottle.ok('verify', 'bgp');
  expect(await hops('alice', 'bob')).toEqual(EAST);
  await bottle.ok('down', '-y', 'bgp');
  expect(differences(before, await host.state())).toEqual([]);
});

test('where nothing is promised, routes are waited for, too', async () => {
  const silent = write(host, readFileSync(file, 'utf8').replace(/^expect:[\s\S]*/m, ''));
  await bottle.ok('up', silent);
  expect(await hops('alice', 'bob')).toEqual(EAST);
});

test('when a router is stopped, and when a daemon is killed, routes are found again', async () => {
  await bottle.ok('up', file);
  await bottle.ok('stop', '-y', '-b', 'bgp', 'r-east');
  await bottle.ok('verify', 'bgp');
  expect(await hops('alice', 'bob')).toEqual(WEST);
  await bottle.ok('start', '-b', 'bgp', 'r-east');
  await sh(host, 'kill -KILL $(pgrep zebra) $(pgrep bgpd)');
  await expect.poll(async () => await bottle(['verify', 'bgp']), { timeout: 120_000 }).toMatchObject({ status: 0, stderr: '' });
  expect(await hops('alice', 'bob')).toEqual(EAST);
});

test('what routers have learned is shown, explained, and nothing to repair', async () => {
  await bottle.ok('up', file);
  const shown = await bottle.json<{ routes: readonly Readonly<Record<string, unknown>>[] }>(0, 'show', 'routes', '-b', 'bgp', 'r-acme');
  expect(shown.routes).toContainEqual(
    expect.objectContaining({ to: '10.2.0.0/24', via: '10.9.1.1', name: 'r-east', network: 'acme-east', protocol: 'bgp' }),
  );
  expect(shown.routes).toContainEqual(expect.objectContaining({ to: 'fd00:2::/64', name: 'r-east', protocol: 'bgp' }));
  expect(await bottle.ok('plan', file)).toContain('Nothing to do');
  expect(await bottle.ok('explain', '-b', 'bgp', 'alice', 'bob', 'ping')).toContain(
    'route 10.2.0.0/24 via 10.9.1.1 dev acme-east, learned',
  );
  expect(await bottle.sh('bgp', 'r-acme', "vtysh --vty_socket /etc/frr -c 'show ip bgp 10.2.0.0/24'")).toContain('65010 65002');
});

/** Two exchanges with three and four routers, two of one system, two ways that are as long, a way out, and a policy that lets nobody in. */
const exchange = `name: bgp
networks:
  ix: { subnet: [10.0.0.0/24, "fd00::/64"] }
  back: { subnet: [10.3.0.0/24, "fd00:3::/64"] }
  wan: { subnet: [10.7.0.0/24, "fd00:7::/64"], mode: routed }
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  far: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
links:
  twice: { subnet: [10.9.1.0/31, "fd00:9::/64"], ends: { one: auto, in: auto } }
routers:
  out: { networks: { wan: 10.7.0.2, ix: 10.0.0.1 }, bgp: { as: 100, default: true } }
  one: { networks: { ix: 10.0.0.2, back: 10.3.0.2 }, bgp: { as: 200 } }
  two: { networks: { ix: 10.0.0.3, back: 10.3.0.3 }, bgp: { as: 200 } }
  in: { networks: { ix: 10.0.0.4, lan: 10.1.0.1 }, bgp: { as: 300, announce: lan } }
  end: { networks: { back: 10.3.0.4, far: 10.2.0.1 }, bgp: { as: 400 } }
machines:
  m: { networks: { lan: auto } }
  n: { networks: { far: 10.2.0.10 } }
policy:
  lan -> far: ping
  lan -> 10.7.0.1: ping
expect:
  m -> n: only ping
`;

test('over switches, with two of one system, ways that are as long, and a way out, routers learn what was worked out', async () => {
  const lab = write(host, exchange);
  expect(await bottle(['up', lab])).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('1 of 1 promises held, 1 proved'),
  });
  expect(await bottle.sh('bgp', 'in', 'ip route show default')).toMatch(/default .*via 10\.0\.0\.1 dev ix/);
  expect(await bottle.sh('bgp', 'in', 'ip -6 route show proto bgp')).toContain('default');
  expect(await bottle.sh('bgp', 'm', 'ping -c 1 -w 20 10.7.0.1')).toContain('1 received');
  for (const cable of ['one/ix', 'twice', 'two/back', 'out/wan']) {
    await bottle.ok('link', '-y', '-b', 'bgp', cable, 'down');
    expect(await bottle(['verify', 'bgp'])).toMatchObject({ stderr: '' });
  }
});
