import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { bottleIn, program, sh, write } from './bottle.ts';

const text = `name: lab
networks:
  net: { subnet: 10.9.0.0/24 }
  side: { subnet: 10.8.0.0/24 }
  spare: { subnet: 10.7.0.0/24 }
routers:
  gate: { networks: { net: 10.9.0.1, side: 10.8.0.1, spare: 10.7.0.1 } }
machines:
  one: { networks: { net: 10.9.0.11 } }
  two: { networks: { side: 10.8.0.12 } }
  three:
    networks: { net: 10.9.0.13 }
    run: { talk: { command: 'echo first; exec sleep 700' }, other: 'exec sleep 701' }
`;

interface Change {
  readonly action: string;
  readonly identity: string;
  readonly effect: string;
  readonly place?: { readonly line: number };
}

const host = hostForAll();
const bottle = bottleIn(host);
let before: HostState;
beforeAll(async () => {
  before = await host.state();
});
beforeEach(() => bottle.ok('up', write(host, text)));
afterEach(async () => {
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

/** Pings ten times a second from `one` to `two` while `act` runs; gives how many were lost. */
async function lostDuring(act: () => Promise<void>): Promise<number> {
  const pinging = host.start([...program, 'exec', '-b', 'lab', 'one', '--', 'ping', '-i', '0.1', 'two'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let seen = '';
  pinging.stdout?.setEncoding('utf8').on('data', (part: string) => (seen += part));
  const answers = (): number => [...seen.matchAll(/icmp_seq=/g)].length;
  await expect.poll(answers).toBeGreaterThan(1);
  await act();
  const now = answers();
  await expect.poll(answers).toBeGreaterThan(now + 1);
  // It may have closed before the one that ends it has ended itself.
  const closed = once(pinging, 'close');
  await sh(host, 'pkill -INT -x ping');
  await closed;
  const [, sent = '', received = ''] = /(\d+) packets transmitted, (\d+) received/.exec(seen) ?? [];
  return Number(sent) - Number(received);
}

/** What is planned for a changed file, without what every change does to the list of names. */
async function planned(changed: string): Promise<readonly Change[]> {
  const { changes } = await bottle.json<{ changes: Change[] }>(2, 'plan', write(host, changed));
  return changes.filter(({ identity }) => identity !== 'file:files/hosts');
}

const summary = (changes: readonly Change[]): string[] =>
  changes.map(({ action, identity, effect }) => `${action} ${identity} ${effect}`).sort();

/** Raises the changed file; then nothing is left to do. */
async function change(changed: string, ...options: readonly string[]): Promise<void> {
  await bottle.ok('up', ...options, write(host, changed));
  expect(await bottle(['plan', 'bottle.yaml'])).toMatchObject({ status: 0 });
}

test('a machine is added, and nothing else is touched', async () => {
  const changed = text.replace('machines:\n', 'machines:\n  new: { networks: { side: 10.8.0.20 } }\n');
  const changes = await planned(changed);
  expect(summary(changes)).toEqual([
    'create address:lab.new/side/10.8.0.20/24 live',
    'create file:files/resolv.new live',
    'create namespace:lab.new live',
    'create route:lab.new/0.0.0.0/0 live',
    'create sysctl:lab.new/net/ipv4/conf/all/rp_filter live',
    'create sysctl:lab.new/net/ipv4/conf/default/rp_filter live',
    'create sysctl:lab.new/net/ipv4/ip_forward live',
    'create veth:new/side live',
  ]);
  expect(new Set(changes.map(({ place }) => place?.line))).toEqual(new Set([9]));
  expect(await bottle(['plan', 'bottle.yaml'])).toMatchObject({ stdout: expect.stringMatching(/^\+ machine new {2}bottle\.yaml:9$/m) });
  expect(await lostDuring(() => change(changed))).toBe(0);
  expect(await bottle.sh('lab', 'one', 'ping -c 1 -w 20 new')).toContain('1 received');
});

test('an address is changed while the interface stays', async () => {
  const changed = text.replace('three:\n    networks: { net: 10.9.0.13 }', 'three:\n    networks: { net: 10.9.0.14 }');
  const changes = summary(await planned(changed));
  expect(changes).toContain('delete address:lab.three/net/10.9.0.13/24 live');
  expect(changes).toContain('create address:lab.three/net/10.9.0.14/24 live');
  expect(changes.filter((line) => /veth|namespace|process/.test(line))).toEqual([]);
  expect(await lostDuring(() => change(changed, '-y'))).toBe(0);
  expect(await bottle.sh('lab', 'one', 'ping -c 1 -w 20 three')).toContain('from three.net.lab (10.9.0.14)');
  expect(await bottle.sh('lab', 'three', 'ping -c 1 -w 20 two')).toContain('1 received');
});

test('a network is removed, with the legs that were in it', async () => {
  const changed = text.replace('  spare: { subnet: 10.7.0.0/24 }\n', '').replace(', spare: 10.7.0.1', '');
  const changes = summary(await planned(changed));
  expect(changes).toContain('delete bridge:lab/spare live');
  expect(changes).toContain('delete veth:gate/spare live');
  expect(changes.filter((line) => !line.includes('spare') && line !== 'update file:files/resolv.gate live')).toEqual([]);
  expect(await bottle(['plan', 'bottle.yaml'])).toMatchObject({ stdout: expect.stringMatching(/^- network spare$/m) });
  expect(await lostDuring(() => change(changed, '-y'))).toBe(0);
  expect(await bottle.sh('lab', 'gate', 'ls /sys/class/net')).toBe('lo\nnet\nside\n');
});

describe("a process's command", () => {
  const changed = text.replace('echo first', 'echo second');

  test('is changed: it is started again, and no other is', async () => {
    expect(summary(await planned(changed))).toEqual(['update process:three/talk restart']);
    const other = await sh(host, 'pgrep -fx "sleep 701"');
    expect(await lostDuring(() => change(changed, '-y'))).toBe(0);
    await expect.poll(() => bottle.ok('logs', '-b', 'lab', 'three', 'talk')).toContain('second');
    expect(await sh(host, 'pgrep -fx "sleep 701"')).toBe(other);
  });

  test('is not changed without consent', async () => {
    const running = await sh(host, 'pgrep -fx "sleep 700"');
    expect(await bottle(['up', write(host, changed)])).toMatchObject({ status: 4, stderr: expect.stringContaining('! machine three') });
    expect(await sh(host, 'pgrep -fx "sleep 700"')).toBe(running);
    write(host, text);
  });
});

test('whom a machine asks for names is changed while its processes run on, and see it', async () => {
  const nat = text.replace('net: { subnet: 10.9.0.0/24 }', 'net: { subnet: 10.9.0.0/24, mode: nat }');
  const asked = nat.replace('three:\n', 'three:\n    dns: 10.9.0.53\n');
  const running = await sh(host, 'pgrep -fx "sleep 700|sleep 701"');
  const seen = (): Promise<string> => sh(host, 'nsenter -m -t $(pgrep -fx "sleep 700") cat /etc/resolv.conf');
  expect(await seen()).toBe('search net.lab');
  await change(nat);
  await change(asked);
  expect(await seen()).toBe('search net.lab\nnameserver 10.9.0.53');
  expect(await bottle.sh('lab', 'three', 'cat /etc/resolv.conf')).toBe('search net.lab\nnameserver 10.9.0.53\n');
  await change(text, '-y');
  expect(await seen()).toBe('search net.lab');
  expect(await sh(host, 'pgrep -fx "sleep 700|sleep 701"')).toBe(running);
});

test('under another name it is another bottle, beside the first', async () => {
  const renamed = write(host, text.replace('name: lab', 'name: other'), 'other.yaml');
  const { changes } = await bottle.json<{ changes: Change[] }>(2, 'plan', renamed);
  expect(changes.every(({ action }) => action === 'create')).toBe(true);
  expect(await lostDuring(async () => void (await bottle.ok('up', renamed)))).toBe(0);
  expect((await bottle.json<{ bottles: { bottle: string }[] }>(0, 'ls')).bottles.map((one) => one.bottle)).toEqual(['lab', 'other']);
  await bottle.ok('down', '-y', 'other');
  expect(await bottle(['plan', write(host, text)])).toMatchObject({ status: 0 });
});

test('what somebody else has changed is found and put right', async () => {
  await bottle.sh('lab', 'two', 'ip route del default; ip link set side mtu 1400');
  await bottle.sh('lab', 'gate', 'echo 0 > /proc/sys/net/ipv4/ip_forward');
  expect(summary(await planned(text))).toEqual([
    'create route:lab.two/0.0.0.0/0 live',
    'update sysctl:lab.gate/net/ipv4/ip_forward live',
    'update veth:two/side live',
  ]);
  await change(text);
  expect(await bottle.sh('lab', 'one', 'ping -c 1 -w 20 two')).toContain('1 received');
});
