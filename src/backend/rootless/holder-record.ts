import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bottleDirectory, type Home } from '../home.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';
import { namespaceInode } from '../process/living.ts';

/** The process that holds the namespaces of an ordinary user's bottle. */
export interface Holder extends ProcessIdentity {
  readonly bottle: string;
  /** State directory of the bottle. */
  readonly directory: string;
  /** Inode of the user namespace. */
  readonly user: number;
}

/** Written by the holder itself when it starts. */
export const holderRecordPath = (home: Home, bottle: string): string => join(bottleDirectory(home, bottle), 'holder.json');

/** The bottle's holder; nothing if there is none, or it is dead. Not to be asked from inside of it. */
export function findHolder(home: Home, bottle: string): Holder | undefined {
  let record: { readonly pid: number; readonly startTime: number; readonly boot: string };
  try {
    record = JSON.parse(readFileSync(holderRecordPath(home, bottle), 'utf8')) as typeof record;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  const { pid, startTime } = record;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  if (record.boot !== boot || !isAlive({ pid, startTime })) return undefined;
  const user = namespaceInode(pid, 'user');
  return user === undefined ? undefined : { pid, startTime, user, bottle, directory: bottleDirectory(home, bottle) };
}
