import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { RootlessError } from './rootless-error.ts';

/**
 * Makes a directory for the user alone, below one that may be everybody's (/tmp).
 * @throws RootlessError `state-not-private` when somebody else has put something in its place.
 */
export function makePrivate(path: string, uid = process.getuid?.()): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true, mode: 0o700 });
  // Not what a symbolic link points to: the link may be anybody's.
  const { uid: owner, mode } = lstatSync(path);
  const directory = (mode & FORMAT) === DIRECTORY;
  if (directory && owner === uid) {
    if ((mode & 0o077) !== 0) chmodSync(path, 0o700);
    return;
  }
  const why = directory ? `it belongs to user ${owner}` : 'it is no directory';
  throw new RootlessError(
    'state-not-private',
    `${path} cannot hold the state: ${why}`,
    'Have it removed, or set NETBOTTLE_STATE to another directory.',
  );
}

/** inode(7). */
const FORMAT = 0o170000;
const DIRECTORY = 0o040000;
