import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { processesIn } from './living.ts';
import { ProcessError } from './process-error.ts';

/** Time that the kernel has to take a process away after SIGKILL. */
const KILL_LIMIT = 10_000;
const ROUNDS = 20;

/**
 * Ends processes: SIGTERM, `graceMs` to comply, SIGKILL, and back when the last one is gone.
 *
 * A number that meanwhile belongs to another process is never signalled.
 * @throws ProcessError `process-survives` when the kernel does not let go of one.
 */
export async function endProcesses(targets: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  let left: readonly ProcessIdentity[] = targets.filter(isAlive);
  if (left.length === 0) return;
  if (graceMs > 0) {
    for (const target of left) {
      signal(target, 'SIGTERM');
      // A stopped process gets no signal but this one.
      signal(target, 'SIGCONT');
    }
    left = await untilGone(left, graceMs);
  }
  for (const target of left) signal(target, 'SIGKILL');
  left = await untilGone(left, KILL_LIMIT);
  if (left.length > 0) {
    const numbers = left.map(({ pid }) => pid).join(', ');
    throw new ProcessError(
      'process-survives',
      `process ${numbers} is still there after SIGKILL`,
      'Look at what it waits for: cat /proc/PID/stack, ps -o wchan.',
    );
  }
}

/**
 * Ends everything that lives in these namespaces, also what is started there meanwhile; returns how many it were.
 *
 * The caller keeps the namespaces alive for so long, by a mount or an open file: the number of one that is gone is the next one's.
 */
export async function endProcessesIn(inodes: ReadonlySet<number>, graceMs: number, kind: 'net' | 'user' = 'net'): Promise<number> {
  return await endAllOf(() => processesIn(inodes, kind), graceMs);
}

/** Looks for processes and ends them until there are none; returns how many it were. */
export async function endAllOf(find: () => readonly ProcessIdentity[], graceMs: number): Promise<number> {
  let count = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = find();
    if (found.length === 0) return count;
    count += found.length;
    // What was started by one that was about to end gets no second grace.
    await endProcesses(found, round === 0 ? graceMs : 0);
  }
  throw new ProcessError('process-survives', 'processes in the bottle start new ones faster than they can be ended');
}

function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    // It ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Those that are still there after `limit` milliseconds. The kernel tells only parents of a death, so it is asked. */
async function untilGone(targets: readonly ProcessIdentity[], limit: number): Promise<readonly ProcessIdentity[]> {
  const end = performance.now() + limit;
  let left: readonly ProcessIdentity[] = targets.filter(isAlive);
  for (let pause = 2; left.length > 0 && performance.now() < end; pause = Math.min(pause * 2, 50)) {
    await sleep(pause);
    left = left.filter(isAlive);
  }
  return left;
}
