/** What is measured of each contender, and how a command is timed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Figure {
  /** Wall time, from the start of the process to its end. */
  readonly seconds: number;
  /** User and system time of the process; undefined where the work is spread over many processes. */
  readonly cpu?: number;
  /** Bytes. */
  readonly peak?: number;
}

/**
 * `up` of what is not there, `again` with nothing to do, `grow` by one machine, `down`; `freed` is the time from asking
 * for `down` until the kernel has let go of the last namespace.
 */
export type Phase = 'up' | 'again' | 'grow' | 'down' | 'freed';

export type Figures = { readonly [P in Phase]?: Figure };

export interface Contender {
  readonly name: string;
  /** Machines that it can take; a single Linux bridge has 1,023 ports. */
  readonly most: number;
  /** Raises the star, looks whether packets pass, and takes it down. */
  measure(count: number): Promise<Figures>;
}

/** Runs a command by itself, and measures it. @throws when it ends with another status, with what it wrote */
export async function timed(command: readonly string[], expected = 0): Promise<Figure> {
  const { stdout, stderr } = await run('python3', [join(import.meta.dirname, 'timed.py'), ...command], {
    maxBuffer: 1 << 26,
  });
  const { status, seconds, cpu, peak } = JSON.parse(stdout) as Record<'status' | 'seconds' | 'cpu' | 'peak', number>;
  if (status !== expected) throw new Error(`${command.join(' ')} ended with ${status}:\n${stderr}`);
  return { seconds, cpu, peak };
}

/** @throws when none of a few packets to one of the addresses is answered: on a busy host the first may come too late */
export async function pingFrom(namespace: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await run('nsenter', [`--net=${namespace}`, 'ping', '-n', '-c5', '-i0.2', '-W2', address]);
}
