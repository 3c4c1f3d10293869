import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endAllOf } from './ending.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { namespaceInode, processesMarked, processesOfSessions } from './living.ts';

/** What a keeper leaves behind for its successor, should it be killed. */
interface KeeperRecord {
  readonly keeper: ProcessIdentity;
  /** Leaders of the sessions that it started. */
  readonly leaders: readonly ProcessIdentity[];
}

const recordPath = (directory: string): string => join(directory, 'keeper.json');

export function recordKeeper(directory: string, leaders: readonly ProcessIdentity[]): void {
  const keeper = identify(process.pid);
  if (!keeper) throw new Error('this process has no /proc entry');
  const path = recordPath(directory);
  writeFileSync(`${path}.new`, JSON.stringify({ keeper, leaders } satisfies KeeperRecord), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The keeper that was there last, whether it still is or not. */
export function lastKeeper(directory: string): ProcessIdentity | undefined {
  return readRecord(directory)?.keeper;
}

/**
 * Ends what a keeper that is dead has left: the processes it noted, their sessions, and everything that carries the
 * bottle's mark as one of its processes (it may have been killed before it could note one).
 */
export async function endLeftovers(directory: string, graceMs: number): Promise<void> {
  const own = namespaceInode('self');
  const noted = (readRecord(directory)?.leaders ?? []).filter(isAlive);
  const find = (): readonly ProcessIdentity[] => {
    const sessions = processesOfSessions(new Set(noted.map(({ pid }) => pid))).filter(({ pid }) => namespaceInode(pid) !== own);
    const marked = processesMarked([[`NETBOTTLE_DIRECTORY=${directory}`, 'NETBOTTLE_PROCESS=']]);
    return [...new Map([...noted.filter(isAlive), ...sessions, ...marked].map((identity) => [identity.pid, identity])).values()];
  };
  await endAllOf(find, graceMs);
  forgetKeeper(directory);
}

export function forgetKeeper(directory: string): void {
  rmSync(recordPath(directory), { force: true });
}

function readRecord(directory: string): KeeperRecord | undefined {
  try {
    const { keeper, leaders } = (JSON.parse(readFileSync(recordPath(directory), 'utf8')) ?? {}) as Partial<KeeperRecord>;
    return keeper !== undefined && Array.isArray(leaders) ? { keeper, leaders } : undefined;
  } catch (error) {
    // What a damaged one told of is found by its mark.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
