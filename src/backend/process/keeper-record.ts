import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Process } from '../../resource/process.ts';
import { endAllOf } from './ending.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { namespaceInode, processesMarked, processesOfSessions } from './living.ts';

/** What a keeper leaves behind for its successor, should it be killed. */
interface KeeperRecord {
  readonly keeper: ProcessIdentity;
  readonly processes: readonly RecordedProcess[];
}

interface RecordedProcess {
  readonly resource: Process;
  /** Leader of the session that it was started as; none before its first start. */
  readonly leader?: ProcessIdentity;
}

const recordPath = (directory: string): string => join(directory, 'keeper.json');

export function recordKeeper(directory: string, processes: readonly RecordedProcess[]): void {
  const keeper = identify(process.pid);
  if (!keeper) throw new Error('this process has no /proc entry');
  const path = recordPath(directory);
  writeFileSync(`${path}.new`, JSON.stringify({ keeper, processes } satisfies KeeperRecord), { mode: 0o600 });
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
  const noted = leadersOf(readRecord(directory)?.processes ?? []).filter(isAlive);
  const find = (): readonly ProcessIdentity[] => {
    const marked = processesMarked([[`NETBOTTLE_DIRECTORY=${directory}`, 'NETBOTTLE_PROCESS=']]);
    return [...new Map([...noted.filter(isAlive), ...inSessionsOf(noted), ...marked].map((identity) => [identity.pid, identity])).values()];
  };
  await endAllOf(find, graceMs);
  forgetKeeper(directory);
}

/** What a keeper that is dead looked after, and of which something still runs. */
export function orphansIn(directory: string): readonly Process[] {
  const record = readRecord(directory);
  if (record === undefined || isAlive(record.keeper)) return [];
  return record.processes.filter((one) => survives(directory, one)).map(({ resource }) => resource);
}

function survives(directory: string, { resource: { machine, name }, leader }: RecordedProcess): boolean {
  if (leader !== undefined && (isAlive(leader) || inSessionsOf([leader]).length > 0)) return true;
  return processesMarked([[`NETBOTTLE_DIRECTORY=${directory}`, `NETBOTTLE_PROCESS=${machine}/${name}`]]).length > 0;
}

const leadersOf = (processes: readonly RecordedProcess[]): readonly ProcessIdentity[] => processes.flatMap(({ leader }) => leader ?? []);

/** The number of a leader that is dead may be another session's by now, but not of one in a machine. */
function inSessionsOf(leaders: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  const own = namespaceInode('self');
  return processesOfSessions(new Set(leaders.map(({ pid }) => pid))).filter(({ pid }) => namespaceInode(pid) !== own);
}

export function forgetKeeper(directory: string): void {
  rmSync(recordPath(directory), { force: true });
}

function readRecord(directory: string): KeeperRecord | undefined {
  try {
    const { keeper, processes } = (JSON.parse(readFileSync(recordPath(directory), 'utf8')) ?? {}) as Partial<KeeperRecord>;
    return keeper !== undefined && Array.isArray(processes) ? { keeper, processes } : undefined;
  } catch (error) {
    // What a damaged one told of is found by its mark.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
