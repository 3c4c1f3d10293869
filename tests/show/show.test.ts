import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, write } from '../cli/bottle.ts';
import { readExample } from '../examples/read-example.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', example('router-lab', 'bottle.yaml'));
  await bottle.ok('up', '--no-verify', example('bridge', 'bottle.yaml'));
});

interface Mac {
  readonly switch: string;
  readonly port: string;
  readonly owner?: string;
  readonly kind: string;
  readonly age?: number;
  readonly left?: number;
}
const macs = async (...of: readonly string[]): Promise<readonly Mac[]> =>
  (await bottle.json<{ macs: readonly Mac[] }>(0, 'show', 'macs', ...of, '-b', 'bridge')).macs;
const learned = async (...of: readonly string[]): Promise<readonly string[]> =>
  (await macs(...of)).filter(({ kind }) => kind === 'learned').map((one) => `${one.switch} ${one.port}: ${one.owner}`);

describe('show macs', () => {
  test('says behind which port of each switch who is, and a bridge is no hop', async () => {
    const hops = await bottle.sh('bridge', 'boxa', 'traceroute -n -q 1 -w 2 192.168.60.4');
    expect(hops.trim().split('\n').slice(1)).toEqual([expect.stringMatching(/^ 1 {2}192\.168\.60\.4 /)]);
    await bottle.sh('bridge', 'boxc', 'ping -c 1 192.168.50.4');
    // One wire: both switches and the bridge between them have heard both.
    expect(await learned()).toEqual(
      expect.arrayContaining([
        'left boxa: boxa',
        'left boxb: boxc',
        'right boxb: boxa',
        'right boxc: boxc',
        'boxb left: boxa',
        'boxb right: boxc',
      ]),
    );
    expect(await learned('boxb')).toEqual(expect.arrayContaining(['boxb left: boxa', 'boxb right: boxc']));
    expect(await bottle.ok('show', 'macs', 'boxb', '-b', 'bridge')).toMatch(
      /^boxb +left +[0-9a-f:]{17} +boxa +learned +\d+ s ago +\d+ s$/m,
    );
  });

  test('entries age, and are forgotten when nothing is heard', async () => {
    await bottle.sh('bridge', 'boxa', 'ping -c 1 192.168.60.4');
    const one = (await macs('boxb')).find(({ owner, kind }) => owner === 'boxa' && kind === 'learned');
    expect((one?.age ?? 0) + (one?.left ?? 0)).toBeCloseTo(30);
    await expect.poll(async () => (await macs('boxb')).find(({ owner }) => owner === 'boxa')?.age).toBeGreaterThan(one?.age ?? 0);
    await bottle.ok('up', '--no-verify', write(host, readExample('bridge').replace('ageing: 30', 'ageing: 1')));
    await expect.poll(() => learned('boxb')).not.toContain('boxb left: boxa');
  });

  test("with -v the switch's own are there as well", async () => {
    expect(await bottle.ok('show', 'macs', 'boxb', '-b', 'bridge', '-v')).toMatch(/^boxb +itself +[0-9a-f:]{17} +boxb +own$/m);
  });

  test('of what has no switch is refused', async () => {
    expect(await bottle(['show', 'macs', 'boxa', '-b', 'bridge'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/error\[no-machine\]: bridge has no switch boxa\n.*: left, right, boxb\./),
    });
  });
});

describe('show conntrack', () => {
  test('has the forwarded port and the source that is changed, both ways, with names', async () => {
    await expect.poll(() => bottle.sh('router-lab', 'boxb', 'curl -s -m 2 http://172.16.200.1:8800')).toContain('Hello!');
    await bottle.sh('router-lab', 'boxa', 'curl -s -m 2 http://172.16.200.5; ping -c 1 172.16.200.5');
    const { connections } = await bottle.json<{ connections: readonly { readonly nat: readonly string[]; readonly protocol: string }[] }>(
      0,
      ...['show', 'conntrack', 'router', '-b', 'router-lab'],
    );
    expect(connections.find(({ nat }) => nat.includes('destination'))).toMatchObject({
      at: 'router',
      protocol: 'tcp',
      from: { name: 'boxb', address: '172.16.200.5' },
      to: { name: 'router', address: '172.16.200.1', port: 8800 },
      leaves: { from: { name: 'boxb' }, to: { name: 'boxa', address: '172.16.100.5', port: 8800 } },
      nat: ['destination'],
      state: expect.stringMatching(/time-wait|close|last-ack|fin-wait/),
    });
    expect(connections.find(({ nat, protocol }) => nat.includes('source') && protocol === 'tcp')).toMatchObject({
      from: { name: 'boxa', address: '172.16.100.5' },
      to: { name: 'boxb', port: 80 },
      leaves: { from: { name: 'router', address: '172.16.200.1' }, to: { name: 'boxb', port: 80 } },
    });
    expect(connections.find(({ protocol }) => protocol === 'icmp')).toMatchObject({ nat: ['source'], state: 'replied' });
    const table = await bottle.ok('show', 'conntrack', '-b', 'router-lab');
    expect(table).toMatch(
      /^router +tcp +boxb 172\.16\.200\.5:\d+ +router 172\.16\.200\.1:8800 +boxa 172\.16\.100\.5:8800 +[a-z-]+ +\d+ (s|min)$/m,
    );
  });

  test('counts where the kernel was told to', async () => {
    await bottle.sh('router-lab', 'router', 'sysctl -qw net.netfilter.nf_conntrack_acct=1');
    await bottle.sh('router-lab', 'boxa', 'ping -c 3 -i 0.05 172.16.200.5');
    expect(await bottle.ok('show', 'conntrack', 'router', '-b', 'router-lab')).toMatch(/^router +icmp .* 3 \+ 3 +252 B \+ 252 B$/m);
  });
});

test('show routes has all of them, with who made them', async () => {
  const { routes } = await bottle.json<{ routes: readonly unknown[] }>(0, 'show', 'routes', 'boxa', '-b', 'router-lab');
  expect(routes).toEqual([
    {
      at: 'boxa',
      table: 'main',
      to: '0.0.0.0/0',
      type: 'unicast',
      via: '172.16.100.1',
      name: 'router',
      device: 'left',
      network: 'left',
      metric: 0,
      protocol: 'bottle',
    },
    {
      at: 'boxa',
      table: 'main',
      to: '172.16.100.0/24',
      type: 'unicast',
      device: 'left',
      network: 'left',
      source: '172.16.100.5',
      metric: 0,
      protocol: 'kernel',
    },
  ]);
  await bottle.sh('router-lab', 'boxb', 'ip route add blackhole 192.0.2.0/24; ip route add 198.51.100.0/24 via 172.16.200.1 table 7');
  const table = await bottle.ok('show', 'routes', '-b', 'router-lab');
  expect(table).toMatch(/^boxb +192\.0\.2\.0\/24 +blackhole +boot$/m);
  expect(table).toMatch(/^boxb +198\.51\.100\.0\/24 +172\.16\.200\.1 +router +right +boot +7$/m);
  expect(await bottle(['show', 'routes', 'nobody', '-b', 'router-lab'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('error[no-machine]'),
  });
});

test('show neighbours has whom machines know, by name', async () => {
  await bottle.sh('router-lab', 'boxa', 'ping -c 1 172.16.100.1; ping -c 1 -W 1 172.16.100.77');
  const table = await bottle.ok('show', 'neighbours', 'boxa', '-b', 'router-lab');
  expect(table).toMatch(/^boxa +left +172\.16\.100\.1 +router +[0-9a-f:]{17} +(reachable|delay|stale|probe) +\d+ s ago$/m);
  expect(table).toMatch(/^boxa +left +172\.16\.100\.77 +(incomplete|failed)$/m);
});

describe('show counters', () => {
  test('has packets of interfaces, and of rules with their lines', async () => {
    await bottle.sh('router-lab', 'boxa', 'ping -c 2 -i 0.05 172.16.200.5');
    await bottle.sh('router-lab', 'boxb', 'ping -c 1 -W 0.2 172.16.200.1');
    const { interfaces, rules } = await bottle.json<{
      interfaces: readonly { readonly at: string; readonly network: string; readonly received: { readonly packets: number } }[];
      rules: readonly { readonly origin?: readonly string[]; readonly place?: { readonly line: number }; readonly packets: number }[];
    }>(0, 'show', 'counters', 'router', '-b', 'router-lab');
    expect(interfaces.map(({ network }) => network)).toEqual(['left', 'right']);
    expect(interfaces.every(({ received }) => received.packets > 0)).toBe(true);
    expect(rules).toContainEqual(
      expect.objectContaining({
        at: 'router',
        table: 'inet netbottle',
        origin: ['policy', 'left -> right'],
        place: { file: example('router-lab', 'bottle.yaml'), line: 16 },
      }),
    );
    const table = await bottle.ok('show', 'counters', '-b', 'router-lab');
    expect(table).toMatch(/^router +inet netbottle +\S+ +policy\.left -> right +16 +[1-9]\d* +\d/m);
    expect(table).toMatch(/^boxa +left +\d+ +[\d.]+ k?B +0 +\d+ +[\d.]+ k?B +0$/m);
  });
});

test('machines that are stopped are left out, and named when asked for', async () => {
  await bottle.ok('stop', '-y', '-b', 'router-lab', 'boxb');
  for (const report of ['macs', 'routes', 'neighbours', 'conntrack', 'counters'])
    expect(await bottle.ok('show', report, '-b', 'router-lab')).not.toMatch(/^boxb /m);
  expect(await bottle(['show', 'routes', 'boxb', '-b', 'router-lab'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('error[machine-stopped]'),
  });
});

test('only tables are shown of one machine', async () => {
  expect(await bottle(['show', 'policy', 'router', '-b', 'router-lab'])).toMatchObject({
    status: 64,
    stderr: expect.stringMatching(/error\[usage\]: only macs, routes, .*\n.*`bottle show routes router`/),
  });
});

test('where it is not said which bottle is meant, those that run are offered as they are written', async () => {
  const nowhere = { cwd: '/' };
  expect((await bottle(['show'], nowhere)).stderr).toContain('Say which: `-b bridge` or `-b router-lab`.');
  expect((await bottle(['down'], nowhere)).stderr).toContain('Say which: `bottle down bridge` or `bottle down router-lab`.');
});

test('the only bottle that runs is meant, but not to be removed', () =>
  inPrivateHost({}, async (alone) => {
    const single = bottleIn(alone);
    await single.ok('up', '--no-verify', example('bridge', 'bottle.yaml'));
    expect(await single(['show', 'routes'])).toMatchObject({ status: 0 });
    expect(await single(['down', '-y'])).toMatchObject({ status: 64, stderr: expect.stringContaining('`bottle down bridge`') });
    await single.ok('down', '-y', 'bridge');
    expect((await single(['show'])).stderr).toContain('No bottle is running; `bottle up FILE` raises one.');
  }));
