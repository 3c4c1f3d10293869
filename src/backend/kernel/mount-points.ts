/**
 * What is mounted where (proc_pid_mountinfo(5)).
 *
 * One file tells it of thousands, without a call for each. But it tells of what is hidden too: where somebody has mounted over /run, all that
 * was mounted below it before is still there, under the same paths. So it is asked by the number of the mount that a path is seen on.
 */
import { closeSync, openSync, readFileSync, realpathSync } from 'node:fs';

interface Mount {
  readonly id: string;
  /** On which other one it is. */
  readonly parent: string;
  /** What of the file system it is: `/`, `net:[4026532318]`. */
  readonly root: string;
  readonly place: string;
}

/** A mount point's parent directory is on another mount; comparing devices would not show a bind mount of the same. */
export function isMountPoint(directory: string): boolean {
  const [id, place] = [mountOf(directory), realpathSync(directory)];
  return mounts().some((mount) => mount.id === id && mount.place === place);
}

/** What of file systems of a type is mounted on files of a directory, by the names of these. */
export function mountedIn(directory: string, type: string): ReadonlyMap<string, string> {
  const [id, prefix] = [mountOf(directory), `${realpathSync(directory)}/`];
  const mounted = new Map<string, string>();
  const below = new Map<string, string>();
  for (const { id: own, parent, root, place } of mounts(type)) {
    if (!place.startsWith(prefix) || place.includes('/', prefix.length)) continue;
    // Of two on one file, the second is on the first, and is what is seen.
    if (parent !== id && below.get(parent) !== place) continue;
    below.set(own, place);
    mounted.set(place.slice(prefix.length), root);
  }
  return mounted;
}

/** The number of the mount that a path is seen on. */
function mountOf(path: string): string | undefined {
  const descriptor = openSync(path, 'r');
  try {
    return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
  } finally {
    closeSync(descriptor);
  }
}

function mounts(type?: string): readonly Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const wanted = type === undefined ? lines : lines.filter((line) => line.includes(` - ${type} `));
  return wanted.map((line) => {
    const [id = '', parent = '', , root = '', place = ''] = line.split(' ', 5);
    return { id, parent, root, place: unescapePath(place) };
  });
}

/** Space, tab, newline and backslash are written as octal numbers. */
const unescapePath = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
