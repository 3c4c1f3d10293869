import { describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForEach } from '../host-state/host-of-tests.ts';
import { watching } from './watcher.ts';

const text = `name: lab
networks:
  net: { subnet: 10.71.0.0/24, mode: nat }
machines:
  one: { networks: { net: 10.71.0.11 }, run: { keep: exec sleep 1001 } }
  two: { networks: { net: 10.71.0.12 } }
`;

/** For what has to come, however busy the machine is. */
const patience = { timeout: 20_000 };

const host = hostForEach({ uplink: true });
const bottle = bottleIn(host);

const up = (): Promise<string> => bottle.ok('up', write(host, text));
const breakRoute = (machine = 'one'): Promise<string> => sh(host, `ip -n lab.${machine} route del default`);
const isRight = (): Promise<number> => bottle(['plan', 'bottle.yaml']).then(({ status }) => status);

describe('a watch', () => {
  test.each(['TERM', 'INT'] as const)('ends with exit code 0 on SIG%s, and leaves nothing that was not there', async (signal) => {
    await up();
    const before = await host.state();
    const watcher = await watching(host, 'lab');
    await breakRoute();
    await expect.poll(() => watcher.repaired(), patience).toEqual(['route:lab.one/0.0.0.0/0']);
    expect(await watcher.stop(signal)).toBe(0);
    expect(differences(before, await host.state())).toEqual([]);
    expect(await isRight()).toBe(0);
  });

  test('needs a bottle that runs', async () => {
    expect(await bottle(['watch', 'lab', '-o', 'json'])).toMatchObject({ status: 1, stdout: expect.stringContaining('"not-running"') });
  });

  test('repairs first what was broken before it came', async () => {
    await up();
    await sh(host, 'nft flush ruleset');
    await breakRoute('two');
    const watcher = await watching(host, 'lab');
    await expect.poll(() => watcher.repaired(), patience).toEqual(['table:@host/inet/netbottle-lab', 'route:lab.two/0.0.0.0/0']);
    expect(await watcher.stop()).toBe(0);
  });

  test('prints a line for each repair', async () => {
    await up();
    const child = host.start(['sh', '-c', 'exec "$@"', 'sh', process.execPath, `${process.cwd()}/dist/bottle.js`, 'watch', 'lab'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (said += part));
    await expect.poll(() => said, patience).toMatch(/lab: watching\n/);
    await breakRoute();
    await expect
      .poll(() => said, patience)
      .toMatch(/^\S+Z lab: repaired in \d+ ms: made route 0\.0\.0\.0\/0 via 10\.71\.0\.1 dev net in lab\.one$/m);
    child.kill('SIGTERM');
  });

  test('starts no process again that came to its end, not even when its machine or the keeper was lost', async () => {
    const once = "once: { command: 'echo ran; sleep 1; exit 3', restart: never }";
    await bottle.ok('up', write(host, text.replace('run: { ', `run: { ${once}, `)));
    await expect.poll(async () => await bottle.ok('show', '-b', 'lab', 'one'), patience).toMatch(/once: .* failed/);
    const watcher = await watching(host, 'lab');
    const kept = (): number => watcher.repaired().filter((identity) => identity === 'process:one/keep').length;
    await sh(host, 'ip netns del lab.one');
    await expect.poll(kept, patience).toBe(1);
    await sh(host, "kill -9 $(pgrep -f '^netbottle keeper')");
    await expect.poll(kept, patience).toBe(2);
    // Another repair, so that all that came of the one before has been looked at.
    await breakRoute('two');
    await expect.poll(() => watcher.repaired(), patience).toContain('route:lab.two/0.0.0.0/0');
    expect(watcher.repaired()).not.toContain('process:one/once');
    expect((await bottle.ok('logs', '-b', 'lab', 'one', 'once')).match(/^ran$/gm)).toHaveLength(1);
    await watcher.stop();
  });

  test('does not keep commands from their work, and ends when the bottle does', async () => {
    await up();
    const watcher = await watching(host, 'lab');
    for (let i = 0; i < 5; i++) {
      await breakRoute();
      await bottle.ok('stop', '-y', '-b', 'lab', 'two');
      await breakRoute().catch(() => undefined);
      await bottle.ok('up', '-y', 'bottle.yaml');
    }
    await bottle.ok('down', '-y', 'lab');
    expect(await watcher.ended).toBe(0);
    expect(watcher.told().filter(({ event }) => event === 'failed')).toEqual([]);
  });

  test('two of them do not repair what the other has repaired', async () => {
    await up();
    const watchers = [await watching(host, 'lab'), await watching(host, 'lab')];
    const repairs = (): readonly string[] => watchers.flatMap((watcher) => watcher.repaired());
    for (let i = 1; i <= 5; i++) {
      await breakRoute();
      await expect.poll(repairs, patience).toHaveLength(i);
      await expect.poll(isRight, patience).toBe(0);
    }
    for (const watcher of watchers) expect(await watcher.stop()).toBe(0);
    expect(repairs()).toHaveLength(5);
  });

  test('that was killed in the middle of a repair is made good by the next', async () => {
    await up();
    await sh(host, 'nft flush ruleset; ip netns del lab.one');
    for (const step of [0, 2, 4]) {
      const killed = await watching(host, 'lab', { env: { NETBOTTLE_FAULT: `kill:${step}` } });
      await killed.ended;
    }
    const watcher = await watching(host, 'lab');
    await expect.poll(isRight, patience).toBe(0);
    expect(await watcher.stop()).toBe(0);
    await bottle.ok('verify', 'lab');
  });

  test('finishes what a killed command was about', async () => {
    await up();
    const watcher = await watching(host, 'lab');
    await bottle(['down', '-y', 'lab'], { env: { NETBOTTLE_FAULT: 'kill:5' } });
    expect(await watcher.ended).toBe(0);
    expect(await sh(host, 'ls /run/netns /run/netbottle 2>/dev/null || :')).toBe('');
  });

  test('backs off, and says so, when somebody undoes every repair', async () => {
    await up();
    const watcher = await watching(host, 'lab');
    const enemy = host.start(['sh', '-c', 'while :; do ip -n lab.one route del default 2>/dev/null; done']);
    await expect
      .poll(() => watcher.told().find(({ event }) => event === 'backing-off'), patience)
      .toMatchObject({ over: 'route:lab.one/0.0.0.0/0' });
    enemy.kill('SIGKILL');
    await expect.poll(isRight, patience).toBe(0);
    expect(await watcher.stop()).toBe(0);
  });

  test('repairs the rest at once while one thing is fought over', async () => {
    await up();
    const watcher = await watching(host, 'lab');
    const enemy = host.start(['sh', '-c', 'while :; do ip -n lab.one route del default 2>/dev/null; done']);
    await expect.poll(() => watcher.told().filter(({ event }) => event === 'backing-off').length, patience).toBe(3);
    await breakRoute('two');
    const [one, two] = ['route:lab.one/0.0.0.0/0', 'route:lab.two/0.0.0.0/0'];
    await expect.poll(() => watcher.repaired(), patience).toContain(two);
    const together = watcher.told().find(({ changes = [] }) => changes.some(({ identity }) => identity === two));
    expect(together?.changes?.map(({ identity }) => identity)).not.toContain(one);
    enemy.kill('SIGKILL');
    expect(await watcher.stop()).toBe(0);
  });
});

test('what cannot be repaired is said, and the rules come back nevertheless', async () => {
  await sh(host, 'ip link add lower type veth peer name upper; ip link set lower up; ip link set upper up');
  await bottle.ok(
    'up',
    write(
      host,
      text.replace(
        'machines:',
        '  lan: { subnet: 10.72.0.0/24, mode: bridged, attach: { interface: lower } }\nmachines:\n  phone: { networks: { lan: auto } }',
      ),
    ),
  );
  const watcher = await watching(host, 'lab');
  await sh(host, 'ip link del lower; nft flush ruleset');
  await expect.poll(() => watcher.told().some(({ event, code }) => event === 'failed' && code === 'host-lacks'), patience).toBe(true);
  await expect.poll(() => watcher.repaired(), patience).toContain('table:@host/inet/netbottle-lab');
  // Once it is there again, all is as before.
  await sh(host, 'ip link add lower type veth peer name upper; ip link set lower up; ip link set upper up');
  await expect.poll(isRight, patience).toBe(0);
  expect(await watcher.stop()).toBe(0);
});
