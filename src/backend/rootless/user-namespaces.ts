import { readFileSync } from 'node:fs';
import { RootlessError } from './rootless-error.ts';

interface Switch {
  /** Below /proc/sys. */
  readonly key: string;
  readonly forbids: (value: string) => boolean;
  readonly remedy: string;
}

const OR_ROOT = ', or run Netbottle as root';

/** Settings with which a kernel or a distribution keeps ordinary users from making user namespaces. */
const SWITCHES: readonly Switch[] = [
  {
    // Debian before 11, and hardened kernels.
    key: 'kernel/unprivileged_userns_clone',
    forbids: (value) => value === '0',
    remedy: `sudo sysctl kernel.unprivileged_userns_clone=1${OR_ROOT}`,
  },
  {
    key: 'user/max_user_namespaces',
    forbids: (value) => value === '0',
    remedy: `sudo sysctl user.max_user_namespaces=15000${OR_ROOT}`,
  },
  {
    // Ubuntu from 23.10: the namespace is made, and its root has no capabilities in it.
    key: 'kernel/apparmor_restrict_unprivileged_userns',
    forbids: (value) => value === '1',
    remedy: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0${OR_ROOT}`,
  },
];

/** The setting that forbids user namespaces to ordinary users, if one does. `read` gives the value of a key below /proc/sys. */
export function userNamespaceObstacle(read: (key: string) => string | undefined = readSetting): RootlessError | undefined {
  const found = SWITCHES.find(({ key, forbids }) => {
    const value = read(key);
    return value !== undefined && forbids(value);
  });
  if (!found) return undefined;
  const name = found.key.replaceAll('/', '.');
  return new RootlessError(
    'user-namespaces-forbidden',
    `user namespaces are not allowed to ordinary users: ${name} is ${read(found.key) ?? '?'}`,
    found.remedy,
  );
}

function readSetting(key: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${key}`, 'utf8').trim();
  } catch {
    // A kernel that does not know the setting forbids nothing by it.
    return undefined;
  }
}
