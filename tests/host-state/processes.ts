import { readdirSync, readFileSync } from 'node:fs';
import { inExtent } from './ours.ts';
import type { Extent, Item, Items } from './snapshot.ts';

export const processIds = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** Between looking at a list and looking at what it names, things end. */
export const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Parent's id and state letter, from proc_pid_stat(5); the name before them may hold anything, parentheses too. */
function status(pid: string): { parent: string; letter: string } {
  const [letter = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return { parent, letter };
}

/** This process and those that wait for it, up to but without the first. */
export function ancestors(): ReadonlySet<string> {
  const found = new Set<string>();
  for (let pid = String(process.pid); pid !== '0' && pid !== '1'; pid = status(pid).parent) found.add(pid);
  return found;
}

/** Whether `pid` comes from a process of `from`. */
function descends(pid: string, from: ReadonlySet<string>): boolean {
  for (let one = pid; one !== '0' && one !== '1'; one = status(one).parent) if (from.has(one)) return true;
  return false;
}

/** Whether its environment says that Netbottle started it. */
const isMarked = (pid: string): boolean => /(^|\0)NETBOTTLE/.test(readFileSync(`/proc/${pid}/environ`, 'utf8'));

/** Running processes, without the reader and what it has started, kernel threads and those that only wait to be reaped. */
export function readProcesses(extent: Extent): Items {
  const items: Record<string, Item> = {};
  const own = extent === 'all' ? ancestors() : new Set([String(process.pid)]);
  for (const pid of processIds()) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command === '' || status(pid).letter === 'Z' || descends(pid, own)) continue;
      if (inExtent(extent, command) || isMarked(pid)) items[`${pid} ${command}`] = {};
    } catch (error) {
      if (!isGone(error) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    }
  }
  return items;
}
