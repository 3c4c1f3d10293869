import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tryLock } from '../../src/backend/lock.ts';

const root = join(import.meta.dirname, '..', '..');
const holder = { pid: 1, command: 'up', since: '2026-01-01T00:00:00Z' };

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(directory, 'state', 'corp.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Another process that takes the lock and keeps it until it is killed. */
async function elsewhere(): Promise<ChildProcess> {
  const program = `import { tryLock } from ${JSON.stringify(join(root, 'src/backend/lock.ts'))};
    const taken = tryLock(${JSON.stringify(path)}, { pid: process.pid, command: 'down', since: 'now' });
    console.log('lock' in taken ? 'mine' : 'busy');
    setInterval(() => undefined, 1000);`;
  const file = join(directory, 'holder.mts');
  writeFileSync(file, program);
  const child = spawn(process.execPath, ['--import', join(root, 'node_modules/jiti/lib/jiti-register.mjs'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(String(said).trim()).toBe('mine');
  return child;
}

describe('a lock', () => {
  test('of another process is not to be had, and its holder is named; its death, however it comes, gives it back', async () => {
    const child = await elsewhere();
    expect(tryLock(path, holder)).toEqual({ holder: { pid: child.pid, command: 'down', since: 'now' } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = tryLock(path, holder);
    expect(taken).toHaveProperty('lock');
    if ('lock' in taken) taken.lock.release();
    expect(existsSync(path)).toBe(false);
  });

  test('can be had again once it was released', () => {
    for (let i = 0; i < 3; i++) {
      const taken = tryLock(path, holder);
      expect(tryLock(path, holder)).toEqual({ holder });
      if ('lock' in taken) taken.lock.release();
    }
  });

  test.each(['', '{"pid":', 'garbage'])('whose note is %j names nobody', (text) => {
    const taken = tryLock(path, holder);
    writeFileSync(path, text);
    expect(tryLock(path, holder)).toEqual({ holder: undefined });
    if ('lock' in taken) taken.lock.release();
  });
});
