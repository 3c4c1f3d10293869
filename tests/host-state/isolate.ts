import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateHost } from './host.ts';
import { environment, finish, inside } from './inside.ts';
import type { HostState } from './snapshot.ts';

const root = join(import.meta.dirname, '..', '..');
const jiti = join(root, 'node_modules', 'jiti', 'lib', 'jiti-register.mjs');
const reader = join(import.meta.dirname, 'read.ts');

/**
 * The first process. It says its process id as seen from outside, and ends, taking all others along, when its input does:
 * when the test ends, however that happens. Bash, because it also reaps children that others have left to it.
 */
const first = `set -eu
  read -r pid rest < /proc/self/stat
  mount -n -t proc proc /proc
  mount -n --rbind /sys/fs/cgroup /mnt && mount -n -t sysfs sysfs /sys && mount -n --move /mnt /sys/fs/cgroup
  mount -n -t tmpfs -o mode=755 tmpfs /mnt
  mkdir /mnt/etc /mnt/run /mnt/tmp
  mount -n -t tmpfs -o mode=755 tmpfs /mnt/etc
  mount -n -t tmpfs -o mode=755 tmpfs /mnt/run
  mount -n -t tmpfs -o mode=1777 tmpfs /mnt/tmp
  # useradd in another test has lock files there that go while they are copied.
  cp -a /etc/. /mnt/etc || [ -f /mnt/etc/passwd ]
  if [ -L /etc/resolv.conf ]; then cp --remove-destination /etc/resolv.conf /mnt/etc/resolv.conf || :; fi
  for shared; do
    mkdir -p "/mnt$shared" && mount -n --rbind "$shared" "/mnt$shared"
  done
  # What others have mounted there would be held here, out of sight, and go when they go; so would their namespaces anywhere.
  awk '$5 ~ "^/(run|tmp)/" || / - nsfs / { print $5 }' /proc/self/mountinfo | tac |
    xargs -r sh -c 'umount -n -l "$@" 2>/dev/null || :' umount # some may have gone meanwhile
  for place in etc run tmp; do mount -n --move "/mnt/$place" "/$place"; done
  umount -n /mnt
  # Addresses are there at once, not after a second of asking around.
  for setting in all default; do echo 0 > /proc/sys/net/ipv6/conf/$setting/accept_dad; done
  ip link set lo up
  echo "ready $pid"
  read -r rest || :`;

/** A private host with nothing around it. */
export async function isolate(share: readonly string[]): Promise<PrivateHost> {
  const directory = mkdtempSync('/tmp/private-host-');
  chmodSync(directory, 0o755);
  // A clone may itself be in a place that gets covered.
  const shared = [directory, root, ...share].filter((path) => /^\/(tmp|run)\//.test(path));
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const holder = spawn('unshare', [...namespaces, 'bash', '-c', first, 'first', ...shared], { env: environment(), stdio: 'pipe' });
  const closed = once(holder, 'close');
  const end = async (): Promise<void> => {
    holder.stdin.end();
    await closed;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const pid = await readyPid(holder);
    return {
      pid,
      directory,
      run: async (command, options = {}) => finish(inside(pid, command, { ...options, stdio: 'pipe' }), options),
      start: (command, options = {}) => inside(pid, command, options),
      state: () => readState(pid),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits until the first process has made itself at home. */
function readyPid(holder: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text: string): void => {
      said += text;
      const pid = /ready (\d+)/.exec(said)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    };
    holder.stdout?.setEncoding('utf8').on('data', listen);
    holder.stderr?.setEncoding('utf8').on('data', listen);
    holder.on('error', reject);
    holder.on('close', () => reject(new Error(`The private host did not start: ${said}`)));
  });
}

async function readState(pid: number): Promise<HostState> {
  const command = [process.execPath, '--import', jiti, reader, 'all'];
  const { status, stdout, stderr } = await finish(inside(pid, command, { stdio: 'pipe' }), {});
  if (status !== 0) throw new Error(`The state of the private host could not be read: ${stderr}`);
  return JSON.parse(stdout) as HostState;
}
