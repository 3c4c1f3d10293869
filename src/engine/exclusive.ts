import { readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../backend/home.ts';
import { tryLock } from '../backend/lock.ts';
import { EngineError } from './error.ts';

/** Runs `act` while no other command changes the bottle. The lock's holder is named to whoever comes second. */
export async function exclusively<T>(home: Home, bottle: string, command: string, act: () => Promise<T>): Promise<T> {
  const taken = tryLock(join(home.root, `${bottle}.lock`), { pid: process.pid, command, since: new Date().toISOString() });
  if (!('lock' in taken)) {
    const { holder } = taken;
    const who = holder === undefined ? 'another command' : `\`bottle ${holder.command}\` (process ${holder.pid}, since ${holder.since})`;
    throw new EngineError('busy', `${who} is at work on ${bottle}`, { remedy: 'Wait for it to end, or end it; its lock goes with it.' });
  }
  try {
    return await act();
  } finally {
    taken.lock.release();
    tidy(home);
  }
}

/** The state directory itself goes when nothing is left in it but the lock of the shared settings. */
function tidy(home: Home): void {
  const left = readdirSync(home.root);
  if (left.some((name) => name !== 'host-settings.lock')) return;
  try {
    rmSync(join(home.root, 'host-settings.lock'), { force: true });
    rmdirSync(home.root);
  } catch (error) {
    // Another bottle is being raised at this moment.
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
