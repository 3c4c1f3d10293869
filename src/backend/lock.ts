/** A lock on a file (flock(2)): the kernel gives it back when its holder ends, however it ends. */
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { flock, LOCK_EX, LOCK_NB } from './kernel/libc.ts';
import { SystemError } from './kernel/system-error.ts';

export interface LockHolder {
  readonly pid: number;
  /** What it is doing: `up`. */
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface Lock {
  release(): void;
}

/** Takes the lock, or tells who has it; undefined where the holder has not written its name yet. */
export function tryLock(path: string, holder: LockHolder): { readonly lock: Lock } | { readonly holder: LockHolder | undefined } {
  const fd = open(path);
  try {
    flock(fd, LOCK_EX | LOCK_NB, path);
  } catch (error) {
    closeSync(fd);
    if (error instanceof SystemError && error.code === 'EAGAIN') return { holder: readHolder(path) };
    throw error;
  }
  // The holder before may have removed the file between our opening and our locking it.
  if (!isCurrent(fd, path)) {
    closeSync(fd);
    return tryLock(path, holder);
  }
  try {
    ftruncateSync(fd);
    writeSync(fd, JSON.stringify(holder), 0);
  } catch (error) {
    // On a full disk the lock holds as well, and only does not tell who has it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return {
    lock: {
      release: () => {
        rmSync(path, { force: true });
        closeSync(fd);
      },
    },
  };
}

/** Waits for the lock, and holds it while `act` runs. For sections of milliseconds. */
export function withLock<T>(path: string, act: () => T): T {
  for (;;) {
    const fd = open(path);
    try {
      flock(fd, LOCK_EX, path);
      if (isCurrent(fd, path)) return act();
    } finally {
      closeSync(fd);
    }
  }
}

function open(path: string): number {
  for (;;) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    try {
      return openSync(path, 'a+', 0o600);
    } catch (error) {
      // Another command, which was the last, has just removed the directory.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function isCurrent(fd: number, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.ino === fstatSync(fd).ino;
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
