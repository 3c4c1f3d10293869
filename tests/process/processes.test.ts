import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcesses } from '../../src/backend/process/ending.ts';
import { identify, isAlive } from '../../src/backend/process/identity.ts';
import { applyToKeeper, endKeeper, readKeeper, startKeeper } from '../../src/backend/process/keeper-client.ts';
import { logPath } from '../../src/backend/process/keeper-protocol.ts';
import { processesIn } from '../../src/backend/process/living.ts';
import { eventually, TestBottle } from './test-bottle.ts';

describe.skipIf(process.getuid?.() !== 0)('processes of a bottle', () => {
  let bottle: TestBottle;
  const log = (name: string): string => readFileSync(logPath(bottle.directory, 'web', name), 'utf8');
  const alive = (): readonly number[] => processesIn(new Set([bottle.inode('web')])).map(({ pid }) => pid);

  beforeEach(() => {
    bottle = new TestBottle('web', 'db');
  });
  afterEach(async () => {
    await bottle.endAll('web', 'db');
    await bottle.remove();
  });

  it('see the machine: its name, names, resolver, interfaces and directory', async () => {
    await bottle.keeper();
    bottle.ip('web', 'link add veth-x type veth peer name veth-y');
    const line =
      'hostname; getent hosts elsewhere.example; cat /etc/resolv.conf; ls /sys/class/net; pwd; echo $GREETING $NETBOTTLE $NETBOTTLE_MACHINE $NETBOTTLE_PROCESS; exec sleep 1000';
    const environment = { GREETING: 'hello' };
    expect(await bottle.start(bottle.process('web', 'app', line, { environment, directory: '/usr' }))).toEqual([{ ok: true }]);
    const text = await eventually(() => (log('app').includes('hello') ? log('app') : undefined));
    const said = text.split('\n').filter((each) => each !== '' && !each.startsWith('---'));
    expect(said).toEqual([
      'web',
      '203.0.113.7     elsewhere.example',
      'nameserver 203.0.113.53',
      'lo',
      'veth-x',
      'veth-y',
      '/usr',
      'hello corp web web/app',
    ]);
    // The host's own view is untouched.
    expect(readFileSync('/etc/hosts', 'utf8')).not.toContain('elsewhere.example');
  });

  it('do not keep a namespace alive that is removed', async () => {
    await bottle.keeper();
    await bottle.start(bottle.process('web', 'app', 'exec sleep 1000'));
    const [pid] = await eventually(() => (alive().length > 0 ? alive() : undefined));
    expect(readFileSync(`/proc/${pid}/mountinfo`, 'utf8')).not.toContain(`${bottle.directory}/netns`);
  });

  it('are told apart from failures to start: a program that is not there, a directory that is not there, an early death', async () => {
    await bottle.keeper();
    const [missing, line, directory, died, fine, nowhere] = await bottle.start(
      bottle.process('web', 'missing', '', { command: ['no-such-program', '-x'] }),
      bottle.process('web', 'line', 'no-such-program-either'),
      bottle.process('web', 'directory', 'sleep 1000', { directory: '/no/such/directory' }),
      bottle.process('web', 'died', 'echo out of luck; exit 3', { restart: 'always' }),
      bottle.process('web', 'fine', 'true'),
      bottle.process('nowhere', 'fine', 'true'),
    );
    expect(missing).toMatchObject({ ok: false, error: { code: 'program-not-found', message: expect.stringContaining('no-such-program') } });
    expect(line).toMatchObject({
      ok: false,
      error: { code: 'program-not-found', message: expect.stringContaining('no-such-program-either') },
    });
    expect(directory).toMatchObject({ ok: false, error: { code: 'process-view', message: expect.stringContaining('/no/such/directory') } });
    expect(died).toMatchObject({
      ok: false,
      error: { code: 'process-died', message: expect.stringContaining('code 3'), log: ['out of luck'] },
    });
    expect(fine).toEqual({ ok: true });
    expect(nowhere).toMatchObject({ ok: false, error: { code: 'no-namespace' } });
    expect((await bottle.status()).resources).toMatchObject([
      { resource: { name: 'fine' }, state: 'exited', lastExit: { code: 0, signal: null } },
    ]);
  });

  it('start and stop as often as they are told without harm', async () => {
    await bottle.keeper();
    const app = bottle.process('web', 'app', 'exec sleep 1000');
    expect(await bottle.start(app)).toEqual([{ ok: true }]);
    const before = (await bottle.status()).resources[0]?.pid;
    expect(await bottle.start({ ...app, origin: ['elsewhere'] })).toEqual([{ ok: true }]);
    expect((await bottle.status()).resources[0]?.pid).toBe(before);
    expect(await bottle.start(bottle.process('web', 'app', 'exec sleep 2000'))).toMatchObject([
      { ok: false, error: { code: 'already-running' } },
    ]);
    expect(await bottle.stop(app, app)).toEqual([{ ok: true }, { ok: true }]);
    expect(await bottle.stop(app)).toEqual([{ ok: true }]);
    expect(alive()).toEqual([]);
  });

  it('are noticed when they die', async () => {
    await bottle.keeper();
    await bottle.start(bottle.process('web', 'app', 'exec sleep 1000'), bottle.process('web', 'other', 'sleep 0.5; exit 4'));
    const pid = (await bottle.status()).resources.find(({ resource }) => resource.kind === 'process' && resource.name === 'app')?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const [app, other] = await bottle.until((resources) => resources.every(({ state }) => state === 'failed'));
    expect(app).toMatchObject({ state: 'failed', restarts: 0, lastExit: { code: null, signal: 'SIGKILL' } });
    expect(app).not.toHaveProperty('pid');
    expect(other).toMatchObject({ lastExit: { code: 4, signal: null } });
    expect(log('app')).toMatch(/^--- \S+ started as process \d+\n--- \S+ ended by SIGKILL\n$/);
  });

  it('are started again where the file says so, without what the one before left behind', async () => {
    await bottle.keeper();
    const line = 'sleep 1000 & exec sleep 1001';
    await bottle.start(bottle.process('web', 'app', line, { restart: 'on-failure' }));
    const first = (await bottle.status()).resources[0]?.pid ?? 0;
    process.kill(first, 'SIGKILL');
    const [status] = await bottle.until(([app]) => app?.state === 'running' && app.restarts === 1);
    expect(status?.pid).not.toBe(first);
    await eventually(() => (alive().length === 2 ? true : undefined));
  });

  it('are not started again after a good end unless always, and never after a stop', async () => {
    await bottle.keeper();
    const often = bottle.process('web', 'often', 'sleep 0.05', { restart: 'always' });
    await bottle.start(bottle.process('web', 'once', 'sleep 0.05', { restart: 'on-failure' }), often);
    const resources = await bottle.until((all) => (all[1]?.restarts ?? 0) >= 2);
    expect(resources[0]).toMatchObject({ state: 'exited', restarts: 0 });
    await bottle.stop(often);
    expect((await bottle.status()).resources).toHaveLength(1);
  });

  it('are stopped with every daemon that left them, and with those that do not want to', async () => {
    await bottle.keeper();
    const line = `trap '' TERM; (setsid sh -c "trap '' TERM; sleep 1000 & wait" &) ; (setsid setsid sleep 1000 &); while :; do sleep 1; done`;
    const app = bottle.process('web', 'app', line);
    const neighbour = bottle.process('web', 'neighbour', 'exec sleep 1000');
    await bottle.start(app, neighbour);
    await eventually(() => (alive().length >= 5 ? true : undefined));
    expect(await bottle.stop(app)).toEqual([{ ok: true }]);
    expect(alive()).toHaveLength(1);
    expect((await bottle.status()).resources).toMatchObject([{ resource: { name: 'neighbour' }, state: 'running' }]);
  });

  it('end with the keeper, and nothing is left', async () => {
    const { pid } = await bottle.keeper();
    await bottle.start(
      bottle.process('web', 'app', '(setsid sleep 1000 &); exec sleep 1000'),
      bottle.process('db', 'app', 'exec sleep 1000'),
    );
    await endKeeper(bottle.home, 'corp');
    expect(alive()).toEqual([]);
    await eventually(() => !existsSync(`/proc/${pid}`));
    expect(await readKeeper(bottle.home, 'corp')).toBeUndefined();
    expect(readdirSync(bottle.directory).toSorted()).toEqual(['hosts', 'logs', 'netns', 'resolv']);
  });

  it('outlive a keeper that is killed until the next one ends them', async () => {
    const first = await bottle.keeper();
    await bottle.start(bottle.process('web', 'app', '(setsid sleep 1000 &); exec sleep 1000', { restart: 'always' }));
    await eventually(() => (alive().length === 2 ? true : undefined));
    const keeper = identify(first.pid);
    process.kill(first.pid, 'SIGKILL');
    await eventually(() => (keeper && isAlive(keeper) ? undefined : true));
    expect(await readKeeper(bottle.home, 'corp')).toBeUndefined();
    expect(alive()).toHaveLength(2);
    const second = await bottle.keeper();
    expect(second.pid).not.toBe(first.pid);
    expect(second.resources).toEqual([]);
    expect(alive()).toEqual([]);
  });

  it('are ended by endKeeper also when the keeper is dead', async () => {
    const { pid } = await bottle.keeper();
    await bottle.start(bottle.process('web', 'app', 'exec sleep 1000'));
    process.kill(pid, 'SIGKILL');
    await endKeeper(bottle.home, 'corp');
    expect(alive()).toEqual([]);
    await endKeeper(bottle.home, 'corp');
  });

  it('have a keeper of their own that shows its name, one only, and no tie to whoever started it', async () => {
    const [one, two] = await Promise.all([bottle.keeper(), bottle.keeper()]);
    expect(one.pid).toBe(two.pid);
    expect(readFileSync(`/proc/${one.pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()).toBe('netbottle keeper corp');
    expect(readFileSync(`/proc/${one.pid}/stat`, 'utf8').split(' ')[5]).toBe(String(one.pid));
    const streams = ['0', '1', '2'].map((descriptor) => readlinkSync(`/proc/${one.pid}/fd/${descriptor}`));
    expect(streams).toEqual(['/dev/null', join(bottle.directory, 'logs/keeper.log'), join(bottle.directory, 'logs/keeper.log')]);
    expect(readlinkSync(`/proc/${one.pid}/cwd`)).toBe('/');
  });

  it('say why a keeper does not start', async () => {
    await expect(startKeeper(bottle.home, 'corp', ['/bin/sh', '-c', 'echo no luck >&2; exit 1', 'sh'])).rejects.toMatchObject({
      code: 'keeper-not-started',
      message: expect.stringContaining('no luck'),
    });
    await expect(startKeeper(bottle.home, 'corp', ['/no/such/node'])).rejects.toThrow('ENOENT');
    await expect(
      applyToKeeper(bottle.home, 'corp', [{ action: 'start', resource: bottle.process('web', 'a', 'true') }]),
    ).rejects.toMatchObject({ code: 'keeper-not-started' });
  });

  it('write logs that stay small', async () => {
    await bottle.keeper();
    const path = logPath(bottle.directory, 'web', 'app');
    await bottle.start(bottle.process('web', 'app', 'sleep 0.3; exec head -c 11000000 /dev/zero; sleep 1000'));
    await eventually(() => (existsSync(`${path}.1`) ? true : undefined));
    await eventually(() => (readFileSync(path).length < 1000 ? true : undefined));
  });
});

describe.skipIf(process.getuid?.() !== 0)('ending processes', () => {
  it('never touches a process that got the number of another', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error('it did not start');
    await endProcesses([{ ...identity, startTime: identity.startTime - 1 }], 0);
    expect(isAlive(identity)).toBe(true);
    await endProcesses([identity], 0);
    expect(isAlive(identity)).toBe(false);
  });

  it('never finds those of the namespace that it runs in', async () => {
    const inode = Number(/\d+/.exec(execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }))?.[0]);
    expect(processesIn(new Set([inode]))).toEqual([]);
  });
});
