import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hopsIn } from '../cli/hops.ts';
import { differences } from '../host-state/differences.ts';
import { hostForEach } from '../host-state/host-of-tests.ts';

const host = hostForEach();
const bottle = bottleIn(host);

const file = example('ospf', 'bottle.yaml');

const hops = (from: string, to: string): Promise<readonly string[]> => hopsIn(bottle, 'ospf', from, to);

const WEST = ['10.1.0.1', '10.9.1.2', '10.9.2.2', '10.2.0.10'];
const EAST = ['10.1.0.1', '10.9.3.2', '10.9.4.2', '10.2.0.10'];

test('when a cable is out, packets take the other way, and come back when it is in again', async () => {
  await bottle.ok('up', file);
  expect(await hops('alice', 'bob')).toEqual(WEST);
  await bottle.ok('link', '-y', '-b', 'ospf', 'west', 'down');
  expect(await bottle(['verify', 'ospf'])).toMatchObject({ status: 0, stdout: expect.stringContaining('2 of 2 promises held, 2 proved') });
  expect(await hops('alice', 'bob')).toEqual(EAST);
  expect(await bottle.sh('ospf', 'bob', 'ping -c 1 -w 20 fd00:1::10')).toContain('1 received');
  await bottle.ok('link', '-y', '-b', 'ospf', 'west', 'up');
  await bottle.ok('verify', 'ospf');
  expect(await hops('alice', 'bob')).toEqual(WEST);
});

test('when a router is stopped, packets take the other way; what runs in it goes with it', async () => {
  await bottle.ok('up', file);
  await bottle.ok('stop', '-y', '-b', 'ospf', 'r-west');
  await bottle.ok('verify', 'ospf');
  expect(await hops('alice', 'bob')).toEqual(EAST);
  expect(await sh(host, 'pgrep -c zebra')).toBe('3');
  await bottle.ok('start', '-b', 'ospf', 'r-west');
  await bottle.ok('verify', 'ospf');
  expect(await hops('alice', 'bob')).toEqual(WEST);
});

test('what routers have learned is shown, is as it was worked out, and is nothing to repair', async () => {
  await bottle.ok('up', file);
  const { routes } = await bottle.json<{ routes: readonly Readonly<Record<string, unknown>>[] }>(
    0,
    'show',
    'routes',
    '-b',
    'ospf',
    'r-paris',
  );
  expect(routes).toContainEqual(
    expect.objectContaining({ to: '10.2.0.0/24', via: '10.9.1.2', name: 'r-west', network: 'west', protocol: 'ospf' }),
  );
  expect(routes).toContainEqual(expect.objectContaining({ to: 'fd00:2::/64', name: 'r-west', network: 'west', protocol: 'ospf' }));
  expect(await bottle.ok('show', '-b', 'ospf', 'r-paris')).toContain('10.2.0.0/24 via 10.9.1.2 dev west  learned');
  expect(await bottle.ok('plan', file)).toContain('Nothing to do');
  expect(await bottle.ok('explain', '-b', 'ospf', 'alice', 'bob', 'ping')).toContain('route 10.2.0.0/24 via 10.9.1.2 dev west, learned');
});

test('a route that nobody announces any more is told of, and promises are measured', async () => {
  await bottle.ok('up', file);
  await bottle.sh('ospf', 'r-paris', 'ip route add 192.0.2.0/24 via 10.9.1.2 proto ospf');
  expect(await bottle(['verify', 'ospf'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('2 of 2 promises held'),
    stderr: expect.stringContaining('r-paris still has routes that nobody announces any more: 192.0.2.0/24 via 10.9.1.2 dev west'),
  });
});

test('who asks a router asks its own daemons, and not the next one', async () => {
  await bottle.ok('up', file);
  const ask = (router: string): Promise<string> => bottle.sh('ospf', router, "vtysh --vty_socket /etc/frr -c 'show ip ospf'");
  expect(await ask('r-paris')).toContain('Router ID: 10.1.0.1');
  expect(await ask('r-tokyo')).toContain('Router ID: 10.2.0.1');
});

test('a daemon that is killed comes back, and so do the routes', async () => {
  await bottle.ok('up', file);
  await sh(host, 'kill -KILL $(pgrep zebra) $(pgrep ospfd)');
  await expect.poll(async () => await bottle(['verify', 'ospf']), { timeout: 120_000 }).toMatchObject({ status: 0, stderr: '' });
});

test('who keeps the daemons is killed: `up` puts that right, and `down` leaves nothing', async () => {
  const before = await host.state();
  const kill = (): Promise<string> => sh(host, 'kill -KILL $(pgrep -f "^netbottle keeper")');
  await bottle.ok('up', file);
  await kill();
  expect((await bottle(['plan', file])).stdout).toMatch(
    /router r-paris .*\n.*FRR, whose daemon starts anew\n.*OSPF for IPv4, whose daemon starts anew/,
  );
  expect(await bottle.ok('up', '-y', file)).toContain('2 of 2 promises held');
  await kill();
  await bottle.ok('down', '-y', 'ospf');
  expect(differences(before, await host.state())).toEqual([]);
});

test('routers that speak OSPF no more forget what they have learned', async () => {
  await bottle.ok('up', file);
  const silent = write(
    host,
    readFileSync(file, 'utf8')
      .replaceAll(/, ospf: \{.*\} \}$/gm, ' }')
      .replaceAll('{ ospf: {} }', '{}'),
  );
  expect(await bottle.ok('up', '-y', silent)).toContain('2 of 2 promises held, 2 proved');
  expect(await sh(host, 'pgrep zebra || true')).toBe('');
  for (const family of [4, 6]) expect(await bottle.sh('ospf', 'r-paris', `ip -${family} route show proto ospf`)).toBe('');
});

test('another cost moves packets, and says before what is started again for it', async () => {
  await bottle.ok('up', file);
  const changed = write(host, readFileSync(file, 'utf8').replaceAll('100', '5'));
  expect(await bottle(['plan', changed])).toMatchObject({ status: 2, stdout: expect.stringMatching(/^[!~] router r-paris.*/) });
  await bottle.ok('up', '-y', changed);
  expect(await hops('alice', 'bob')).toEqual(EAST);
});

test('routers hear one another whatever the policy says, and pass on what it allows', async () => {
  const strict = write(host, `${readFileSync(file, 'utf8')}policy:\n  paris -> tokyo: [ping, http]\n  tokyo -> paris: ping\n`);
  expect(await bottle.ok('up', strict)).toContain('2 of 2 promises held, 2 proved');
  expect(await hops('alice', '10.2.0.10')).not.toEqual([]);
});

test('over a switch, with a way out that one of them announces, and two ways that cost the same', async () => {
  const lab = write(
    host,
    `name: core
networks:
  core: { subnet: [10.0.0.0/24, "fd00::/64"] }
  wan: { subnet: [10.7.0.0/24, "fd00:7::/64"], mode: routed }
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  far: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
routers:
  out: { networks: { wan: 10.7.0.2, core: 10.0.0.1 }, ospf: { default: true } }
  one: { networks: { core: 10.0.0.2, far: 10.2.0.2 }, ospf: {} }
  two: { networks: { core: 10.0.0.3, far: 10.2.0.3 }, ospf: { passive: far } }
  in: { networks: { core: 10.0.0.4, lan: 10.1.0.1 }, ospf: {} }
machines:
  m: { networks: { lan: auto } }
  n: { networks: { far: 10.2.0.10 }, gateway: one }
expect:
  m -> n: ping
`,
  );
  const up = await bottle(['up', lab]);
  expect(up).toMatchObject({ status: 0, stderr: '' });
  expect(up.stdout).toContain('in has 2 equally good ways to 10.2.0.0/24');
  const learned = await bottle.ok('exec', '-b', 'core', 'in', '--', 'ip', 'route', 'show', 'proto', 'ospf');
  expect(learned).toMatch(/default .*via 10\.0\.0\.1 dev core/);
  expect(learned).toMatch(/nexthop via 10\.0\.0\.2 dev core[\s\S]*nexthop via 10\.0\.0\.3 dev core/);
  expect(await bottle.sh('core', 'in', 'ip -6 route show proto ospf')).toContain('default');
  expect(await bottle.sh('core', 'm', 'ping -c 1 -w 20 10.7.0.1')).toContain('1 received');
});

/** From `a` to the network between `b` and `c` there are two ways that cost the same. */
const triangle = (cost = ''): string => `name: tri
networks:
  left: { subnet: 10.1.0.0/24 }
  right: { subnet: 10.2.0.0/24 }
  ab: { subnet: 10.9.1.0/29 }
  ac: { subnet: 10.9.2.0/29 }
  cb: { subnet: 10.9.3.0/29 }
routers:
  a: { networks: { left: 10.1.0.1, ab: auto, ac: auto }, ospf: {${cost}} }
  b: { networks: { right: 10.2.0.1, ab: auto, cb: auto }, ospf: {} }
  c: { networks: { ac: auto, cb: auto }, ospf: {} }
machines:
  m: { networks: { left: auto } }
  n: { networks: { right: auto } }
expect:
  m -> n: ping
`;

test('both of two ways that cost the same are back when a cable is in again', async () => {
  await bottle.ok('up', write(host, triangle()));
  for (const way of ['down', 'up']) {
    await bottle.ok('link', '-y', '-b', 'tri', 'a/ab', way);
    expect(await bottle(['verify', 'tri'])).toMatchObject({ status: 0, stderr: '' });
  }
  expect(await bottle.sh('tri', 'a', 'ip route show 10.9.3.0/29')).toMatch(/dev ab[\s\S]*dev ac/);
});

test('what works by routes that were learned is not opened by a change', async () => {
  const file = write(host, triangle());
  await bottle.ok('up', file);
  await bottle.ok('link', '-y', '-b', 'tri', 'a/ab', 'down');
  await bottle.ok('verify', 'tri');
  const { status, stdout } = await bottle(['plan', file]);
  expect(status).toBe(2);
  // But for the address of `a` behind that cable, everybody has reached everybody the other way round.
  expect(stdout).toContain('opens: n -> a');
  expect(stdout).not.toMatch(/(opens|closes): ([mnbc] -> [mnbc])/);
  await bottle.ok('up', '-y', file);
  const dearer = await bottle(['plan', write(host, triangle(' cost: { ab: 40 } '))]);
  expect(dearer.status).toBe(2);
  expect(dearer.stdout).toContain('opens nothing and closes nothing');
});

test('`explain` of a bottle that runs knows which cables are out', async () => {
  await bottle.ok('up', write(host, triangle()));
  await bottle.ok('link', '-y', '-b', 'tri', 'a/ab', 'down');
  expect(await bottle.ok('explain', '-b', 'tri', 'm', 'n', 'ping')).toMatch(
    /route 10\.2\.0\.0\/24 via \S+ dev ac, learned[\s\S]*back: arrives/,
  );
  await bottle.ok('link', '-y', '-b', 'tri', 'm/left', 'down');
  expect(await bottle.ok('explain', '-b', 'tri', 'm', 'n', 'ping')).not.toContain('arrives at n');
});

test('without FRR, nothing is changed, and what to do is said', async () => {
  await sh(host, 'mount -t tmpfs none /usr/lib/frr');
  const up = await bottle(['up', file]);
  expect(up).toMatchObject({ status: 1, stderr: expect.stringMatching(/FRR[\s\S]*apt install frr/) });
  expect(await bottle.ok('ls')).toContain('No bottle is running');
  expect((await bottle(['doctor'])).stdout).toMatch(/FRR/);
});
