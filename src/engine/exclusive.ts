import { join } from 'node:path';
import type { Home } from '../backend/home.ts';
import { tryLock } from '../backend/lock.ts';
import { EngineError } from './error.ts';
import { tidy } from './state.ts';
import { stateTrouble } from './state-trouble.ts';

/** Runs `act` while no other command changes the bottle. The lock's holder is named to whoever comes second. */
export async function exclusively<T>(home: Home, bottle: string, command: string, act: () => Promise<T>): Promise<T> {
  try {
    return await withLock(home, bottle, command, act);
  } catch (error) {
    throw stateTrouble(home, error) ?? error;
  }
}

async function withLock<T>(home: Home, bottle: string, command: string, act: () => Promise<T>): Promise<T> {
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
