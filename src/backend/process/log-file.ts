import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes of a log that are kept before it starts anew. */
const LOG_LIMIT = 10 * 1024 * 1024;

/**
 * A log that processes write to directly, so that it needs nobody in between who could fail them.
 *
 * For the same reason it is not renamed when it is full, for they would write on into the renamed file:
 * its end is copied to `NAME.1` and the file is cut to nothing. Appending writers then continue at its start.
 */
export interface LogFile {
  readonly path: string;
  /** For the standard output and error of a process. */
  readonly descriptor: number;
  /** Bytes. */
  size(): number;
  note(text: string): void;
  rotate(limit?: number): void;
  close(): void;
}

export function openLog(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, 'a+', 0o600);
  return {
    path,
    descriptor,
    size: () => fstatSync(descriptor).size,
    note: (text) => unlessFull(() => void writeSync(descriptor, `--- ${new Date().toISOString()} ${text}\n`)),
    rotate(limit = LOG_LIMIT) {
      if (fstatSync(descriptor).size <= limit) return;
      unlessFull(() => writeFileSync(`${path}.1`, lastBytes(descriptor, limit), { mode: 0o600 }));
      ftruncateSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

/** A full disk costs log lines, and not the keeper. */
function unlessFull(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** The last lines of a log from byte `from` on, without Netbottle's own; none if there is no log. */
export function lastLines(path: string, count: number, from = 0): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const size = fstatSync(descriptor).size;
    // One that is shorter by now has begun anew.
    const lines = lastBytes(descriptor, Math.min(16 * 1024, size < from ? size : size - from))
      .toString('utf8')
      .split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('--- ')).slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

function lastBytes(descriptor: number, limit: number): Buffer {
  const size = fstatSync(descriptor).size;
  const buffer = Buffer.alloc(Math.min(size, limit));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, size - buffer.length));
}
