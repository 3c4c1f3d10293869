import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { example, sh } from '../cli/bottle.ts';
import { ordinaryUser } from '../cli/ordinary-user.ts';
import { differences } from '../host-state/differences.ts';
import type { Finished } from '../host-state/host.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { examplesOnlyInStockKernel } from '../stock-kernel/list.ts';

/** `bridged` joins interfaces of the host, which are out of an ordinary user's reach; some others are for another kernel. */
const folders = readdirSync(example(), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'bridged' && !examplesOnlyInStockKernel.includes(entry.name))
  .map(({ name }) => name);

const host = hostForAll({ uplink: true });
let bottle: (words: readonly string[]) => Promise<Finished>;

beforeAll(async () => {
  const somebody = await ordinaryUser(host, ['examples']);
  // On most machines /dev/net/tun is open to everybody; where it is not, the private host gets one of its own.
  await sh(host, 'mknod -m 666 /tmp/tun c 10 200; mount --bind /tmp/tun /dev/net/tun');
  bottle = (words) => somebody.bottle(...words);
});

describe.each(folders)('%s', (folder) => {
  test('is raised, measured and removed by an ordinary user', async () => {
    const file = readdirSync(example(folder)).find((name) => /^bottle\.(yaml|ts)$/.test(name)) ?? '';
    const path = join(host.directory, 'examples', folder, file);
    const before = await host.state();

    const up = await bottle(['up', path, '-o', 'json']);
    expect(up).toMatchObject({ status: 0, stderr: '' });
    const { verdicts } = JSON.parse(up.stdout) as { readonly verdicts: readonly { readonly state: string; readonly text: string }[] };
    expect(verdicts.filter(({ state }) => state !== 'held')).toEqual([]);
    expect(await bottle(['up', path])).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') });

    expect(await bottle(['down', '-y', path])).toMatchObject({ status: 0, stderr: '' });
    expect(differences(before, await host.state())).toEqual([]);
    expect(await bottle(['ls'])).toMatchObject({ stdout: 'No bottle is running.\n' });
  });
});

test('a way out that has died is given back by the next command in the bottle, and by `up`', async () => {
  const path = join(host.directory, 'examples', 'nat', 'bottle.yaml');
  const server = host.lan.start(['python3', '-m', 'http.server', '--bind', host.uplink.beyond, '8000'], { stdio: 'ignore' });
  const fetched = async (): Promise<[status: number | null, stderr: string]> => {
    const fetch = ['curl', '-sf', '-m', '9', '-o', '/dev/null', `http://${host.uplink.beyond}:8000`];
    const { status, stderr } = await bottle(['exec', '-b', 'nat', 'guest', '--', ...fetch]);
    return [status, stderr];
  };
  const end = "kill -KILL $(pgrep '^pas(ta|st)'); while pgrep '^pas(ta|st)' >/dev/null; do sleep 0.05; done";
  try {
    await bottle(['up', path]);
    await expect.poll(fetched).toEqual([0, '']);
    await sh(host, end);
    expect(await fetched()).toEqual([0, '']);
    await sh(host, end);
    expect(await bottle(['up', path])).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(await sh(host, "pgrep -c '^pas(ta|st)'")).toBe('1');
    expect(await fetched()).toEqual([0, '']);
    await sh(host, end);
  } finally {
    expect(await bottle(['down', '-y', path])).toMatchObject({ status: 0, stderr: '' });
    server.kill('SIGKILL');
  }
  expect(await sh(host, "pgrep -c '^pas(ta|st)' || :")).toBe('0');
});

test('a bottle that is not there is not looked for in tables that an ordinary user may not read', async () => {
  expect(await bottle(['down', 'nowhere'])).toMatchObject({
    status: 0,
    stdout: 'nowhere is not running; there is nothing to remove.\n',
    stderr: '',
  });
});

test('without root, `bridged` is refused before anything happens', async () => {
  const refused = await bottle(['up', join(host.directory, 'examples', 'bridged', 'macvlan.yaml')]);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('host-lacks') });
  expect(await bottle(['ls'])).toMatchObject({ stdout: 'No bottle is running.\n' });
});
