import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../backend/home.ts';
import { type Lock, type LockHolder, tryLock } from '../backend/lock.ts';
import { EngineError } from './error.ts';
import { tidy } from './state.ts';
import { stateTrouble } from './state-trouble.ts';

/** Commands that take the lock for moments, again and again; all others wait for them. */
export const WATCH = 'watch';
export const CAPTURE = 'capture';

/** Milliseconds between two attempts. */
const INTERVAL = 10;
/** Milliseconds that a watch is waited for, which repairs something, and a holder that has not written its name yet. */
const PATIENCE = { watch: 60_000, nameless: 1000 } as const;

/** Runs `act` while no other command changes the bottle. The lock's holder is named to whoever comes second. */
export const exclusively = <T>(home: Home, bottle: string, command: string, act: () => Promise<T>): Promise<T> =>
  withLock(home, act, async () => await soon(home, bottle, command));

/** The same, but waits until nobody else is at work, however long that takes. */
export const inTurn = <T>(home: Home, bottle: string, command: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> =>
  withLock(home, act, async () => {
    for (;;) {
      const taken = attempt(home, bottle, command);
      if ('lock' in taken) return taken.lock;
      await sleep(INTERVAL, undefined, { signal });
    }
  });

/** Runs `act` if nobody else is at work right now. */
export function ifFree(home: Home, bottle: string, command: string, act: () => void): void {
  const taken = attempt(home, bottle, command);
  if (!('lock' in taken)) return;
  try {
    act();
  } finally {
    taken.lock.release();
    tidy(home);
  }
}

async function withLock<T>(home: Home, act: () => Promise<T>, take: () => Promise<Lock>): Promise<T> {
  try {
    const lock = await take();
    try {
      return await act();
    } finally {
      lock.release();
      tidy(home);
    }
  } catch (error) {
    throw stateTrouble(home, error) ?? error;
  }
}

const attempt = (home: Home, bottle: string, command: string): ReturnType<typeof tryLock> =>
  tryLock(join(home.root, `${bottle}.lock`), { pid: process.pid, command, since: new Date().toISOString() });

/** @throws EngineError `busy` */
async function soon(home: Home, bottle: string, command: string): Promise<Lock> {
  const start = performance.now();
  for (;;) {
    const taken = attempt(home, bottle, command);
    if ('lock' in taken) return taken.lock;
    if (performance.now() - start > patience(taken.holder)) throw busy(bottle, taken.holder);
    await sleep(INTERVAL);
  }
}

function patience(holder: LockHolder | undefined): number {
  if (holder === undefined) return PATIENCE.nameless;
  return holder.command === WATCH || holder.command === CAPTURE ? PATIENCE.watch : 0;
}

function busy(bottle: string, holder: LockHolder | undefined): EngineError {
  const who = holder === undefined ? 'another command' : `\`bottle ${holder.command}\` (process ${holder.pid}, since ${holder.since})`;
  return new EngineError('busy', `${who} is at work on ${bottle}`, { remedy: 'Wait for it to end, or end it; its lock goes with it.' });
}
