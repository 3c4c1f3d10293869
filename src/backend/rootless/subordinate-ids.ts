import { accessSync, constants, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

const DIRECTORIES = ['/usr/bin', '/bin', '/usr/local/bin'];

/** Whether the user has a range of further user and group ids (subuid(5), subgid(5)), and the programs that map it. */
export function mayMapRange(): boolean {
  return ['newuidmap', 'newgidmap'].every(isInstalled) && ['/etc/subuid', '/etc/subgid'].every(namesUser);
}

function isInstalled(program: string): boolean {
  return DIRECTORIES.some((directory) => {
    try {
      accessSync(`${directory}/${program}`, constants.X_OK);
      return true;
    } catch {
      // Not here.
      return false;
    }
  });
}

function namesUser(path: string): boolean {
  const { username, uid } = userInfo();
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
  } catch {
    // No file, no ranges.
    return false;
  }
}
