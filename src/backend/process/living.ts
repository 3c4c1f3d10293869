import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { type ProcessIdentity, readStat } from './identity.ts';

const processNumbers = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

/** The inode of a process's namespace; nothing if it has ended or belongs to somebody else. */
export function namespaceInode(pid: number | 'self', kind: 'net' | 'user' = 'net'): number | undefined {
  try {
    return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/${kind}`))?.[0]);
  } catch {
    // ENOENT, ESRCH: ended. EACCES: of another user, who cannot be in a namespace of ours.
    return undefined;
  }
}

/**
 * The processes whose network or user namespace is one of `inodes`, without the caller itself.
 *
 * The caller's own namespace is never searched, even when it is asked for: whatever else lives there is not the bottle's.
 */
export function processesIn(inodes: ReadonlySet<number>, kind: 'net' | 'user' = 'net'): readonly ProcessIdentity[] {
  const own = namespaceInode('self', kind);
  const found: ProcessIdentity[] = [];
  for (const pid of processNumbers()) {
    if (pid === process.pid) continue;
    const inode = namespaceInode(pid, kind);
    if (inode === undefined || inode === own || !inodes.has(inode)) continue;
    const stat = readStat(pid);
    // The dead, as long as their parent has not asked for them, still show their user namespace.
    if (stat && stat.state !== 'Z' && stat.state !== 'X') found.push({ pid, startTime: stat.startTime });
  }
  return found;
}

/**
 * The processes that were started with all entries of one of these groups in their environment:
 * `NAME=value`, or `NAME=` for whatever value. Without those of bottles in another state directory that has the same path elsewhere.
 */
export function processesMarked(marks: readonly (readonly string[])[]): readonly ProcessIdentity[] {
  const wanted = marks.map(patternsOf);
  const found: ProcessIdentity[] = [];
  for (const pid of processNumbers()) {
    if (pid === process.pid) continue;
    const environment = readEnvironment(pid);
    if (environment === '' || !wanted.some((group) => group.every((entry) => environment.includes(entry)))) continue;
    if (!isOfThisHost(pid, environment)) continue;
    const stat = readStat(pid);
    if (stat && stat.state !== 'Z') found.push({ pid, startTime: stat.startTime });
  }
  return found;
}

/** In a mount namespace with a /run of its own there may be a bottle of the same name, whose processes are not to be touched. */
function isOfThisHost(pid: number, environment: string): boolean {
  const directory = /\0NETBOTTLE_DIRECTORY=([^\0]*)\0/.exec(environment)?.[1];
  const theirs = directory === undefined ? undefined : statusOf(`/proc/${pid}/root${directory}`);
  // It may have hidden all of /run from itself.
  if (directory === undefined || theirs === undefined) return true;
  const ours = statusOf(directory);
  return ours?.dev === theirs.dev && ours.ino === theirs.ino;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // ESRCH: ended meanwhile. EACCES: of another user.
    return undefined;
  }
}

/** Whether a process lives that was started with all of these entries in its environment. */
export function isMarked(pid: number, entries: readonly string[]): boolean {
  const environment = readEnvironment(pid);
  const state = readStat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X' && patternsOf(entries).every((entry) => environment.includes(entry));
}

const patternsOf = (entries: readonly string[]): readonly string[] =>
  entries.map((entry) => `\0${entry}${entry.endsWith('=') ? '' : '\0'}`);

/** The processes of these sessions, in whatever process groups (setsid(2)). */
export function processesOfSessions(sessions: ReadonlySet<number>): readonly ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const pid of processNumbers()) {
    const stat = readStat(pid);
    if (stat && sessions.has(stat.session) && stat.state !== 'Z' && pid !== process.pid) found.push({ pid, startTime: stat.startTime });
  }
  return found;
}

/** Each entry between two NULs; empty for kernel threads and for what cannot be read. */
function readEnvironment(pid: number): string {
  try {
    // UTF-8, for names of directories may hold more than ASCII.
    const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
    return text === '' ? '' : `\0${text}${text.endsWith('\0') ? '' : '\0'}`;
  } catch {
    // Ended, or of another user: not one of ours in both cases.
    return '';
  }
}
