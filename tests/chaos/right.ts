/** Whether what a host holds is as it has to be. Each gives what is wrong, a line each. */
import { differences } from '../host-state/differences.ts';
import type { HostState } from '../host-state/snapshot.ts';
import type { Subject } from './subject.ts';

/** The host is as it was without the bottle. The kernel ends namespaces when it finds the time. */
export const clean = ({ host, before }: Subject): Promise<readonly string[]> => same(before, () => host.state());

/** Shared memory is the whole machine's: a host of its own sees what others unmount there. Nothing of a bottle is in it. */
const ELSEWHERE = /^mounts: gone: \/dev\/shm\//;

export async function same(before: HostState, read: () => Promise<HostState>, ignore: RegExp = /^$/): Promise<readonly string[]> {
  const end = Date.now() + 5_000;
  for (;;) {
    const found = differences(before, await read()).filter((line) => !ignore.test(line) && !ELSEWHERE.test(line));
    if (found.length === 0 || Date.now() > end) return found;
  }
}

/** The bottle is as the file says: there is nothing to do. */
export async function as({ bottle }: Subject, file: string): Promise<readonly string[]> {
  const { status, stdout, stderr } = await bottle(['plan', '-v', file]);
  return status === 0 ? [] : [`plan: exit code ${status}\n${stdout}${stderr}`];
}

/** A command that has to end with one of these exit codes. */
export async function ends({ bottle }: Subject, words: readonly string[], ...statuses: readonly number[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await bottle(words);
  return statuses.includes(status)
    ? []
    : [`${words.join(' ')}: exit code ${status} instead of ${statuses.join(' or ')}\n${stdout}${stderr}`];
}

/** Checks one after the other, until one finds something. */
export async function inTurn(...checks: readonly (() => Promise<readonly string[]>)[]): Promise<readonly string[]> {
  for (const check of checks) {
    const found = await check();
    if (found.length > 0) return found;
  }
  return [];
}
