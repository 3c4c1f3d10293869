import { accessSync, constants, statSync } from 'node:fs';

/** Whether there is a program that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or in a directory that this user may not look into: not this one, then.
    return false;
  }
}
