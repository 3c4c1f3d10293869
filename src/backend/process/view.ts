import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** What a process inside a machine sees, and where it is. */
export interface View {
  /** File that the machine's network namespace is bind-mounted on. */
  readonly namespacePath: string;
  /** Host name. */
  readonly machine: string;
  readonly bottle: string;
  /** State directory of the bottle. */
  readonly stateDirectory: string;
  /** Files that stand for /etc/hosts and /etc/resolv.conf; absolute. */
  readonly hosts: string;
  readonly resolver: string;
  /** Files and directories that are seen in the place of the host's; absolute. */
  readonly mounts: readonly { readonly from: string; readonly at: string }[];
  /** Working directory. */
  readonly directory: string;
  readonly command: readonly string[];
  /** All of it; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the set-up writes when all is made. */
const MADE = 'made';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/*
 * Runs in the machine's network namespace and in a mount and a UTS namespace of its own.
 *
 * - netns directories are detached, or this process would keep every namespace of every bottle alive after its removal.
 * - /etc/resolv.conf is often a symbolic link, which mount(8) follows, and may be absent, and then nothing can be put over it.
 * - Sockets of the host's resolver daemons are files, which network namespaces do not separate: names would be resolved by
 *   the host. A file that is no socket refuses the connection, and the C library goes on to /etc/resolv.conf.
 * - /sys shows the interfaces of the namespace it was mounted in. In a container a new one may be forbidden; few need it.
 * - Descriptor 3 tells what goes wrong, and is closed by the very exec that starts the command: whoever reads it knows when.
 */
const SETUP = `
fail() { echo "$1" >&3; exit 125; }
machine=$1 hosts=$2 resolver=$3 state=$4 directory=$5 path=$6 mounts=$7
shift 7
{ echo "$machine" >/proc/sys/kernel/hostname || hostname "$machine"; } 2>/dev/null || fail 'the host name cannot be set'
umount -l "$state"/*/netns 2>/dev/null
if [ -e /etc/hosts ]; then mount --bind "$hosts" /etc/hosts 2>&3 || fail '/etc/hosts cannot be replaced'
else echo 'there is no /etc/hosts on this host, so names are not known' >&3; fi
if [ -e /etc/resolv.conf ]; then mount --bind "$resolver" /etc/resolv.conf 2>&3 || fail '/etc/resolv.conf cannot be replaced'
else echo 'there is no /etc/resolv.conf on this host, so the resolver setting is not seen' >&3; fi
for socket in /run/systemd/resolve/io.systemd.Resolve /run/nscd/socket /var/run/nscd/socket; do
  if [ -S "$socket" ]; then mount --bind /dev/null "$socket" 2>/dev/null; fi
done
while IFS= read -r from && IFS= read -r at; do
  case $from in */) mkdir -p "$from" ;; esac
  if [ -e "$at" ]; then mount --bind "$from" "$at" 2>&3 || fail "$at cannot be replaced"; fi
done <<END
$mounts
END
mount -t sysfs sysfs /sys 2>/dev/null
cd "$directory" 2>/dev/null || fail "there is no directory $directory"
PATH=$path
echo ${MADE} >&3
case $1 in */*) ;; *) command -v "$1" >/dev/null || { echo "$machine has no program $1" >&2; exit 127; } ;; esac
exec "$@" 3>&-
`;

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The command line that runs a command in a view, with nothing but util-linux and a POSIX shell. */
export function invocation(view: View): Invocation {
  const path = `${process.env['PATH'] ?? ''}${delimiter}${SYSTEM_PATH}`;
  return {
    file: find('nsenter', path),
    args: [
      `--net=${view.namespacePath}`,
      find('unshare', path),
      '--mount',
      '--uts',
      '--propagation',
      'slave',
      '/bin/sh',
      '-c',
      SETUP,
      'netbottle',
      view.machine,
      view.hosts,
      view.resolver,
      dirname(view.stateDirectory),
      view.directory,
      view.environment['PATH'] ?? SYSTEM_PATH,
      view.mounts.map(({ from, at }) => `${from}\n${at}`).join('\n'),
      ...view.command,
    ],
    // The set-up needs its own tools, wherever the command looks for its programs.
    environment: { ...view.environment, PATH: path },
  };
}

/** Reads descriptor 3 of an invocation: whether the command was started, and what there is to say about its view. */
export async function setUp(descriptor: Readable): Promise<{ readonly made: boolean; readonly notes: readonly string[] }> {
  let text = '';
  for await (const chunk of descriptor) text += String(chunk);
  const lines = text.split('\n').filter((line) => line !== '');
  return { made: lines.includes(MADE), notes: lines.filter((line) => line !== MADE) };
}

/** Variables by which processes of a bottle are known, to themselves and to whoever ends them. */
export function marksOf(view: Pick<View, 'bottle' | 'machine' | 'stateDirectory'>): Record<string, string> {
  return { NETBOTTLE: view.bottle, NETBOTTLE_MACHINE: view.machine, NETBOTTLE_DIRECTORY: view.stateDirectory };
}

/** What a process gets from the environment of whoever starts it: who and where the user is, and nothing else. */
export function baseEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const base: Record<string, string> = { PATH: from['PATH'] ?? SYSTEM_PATH, HOME: from['HOME'] ?? '/' };
  for (const name of ['USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ']) {
    const value = from[name];
    if (value !== undefined) base[name] = value;
  }
  return base;
}

function find(program: string, path: string): string {
  for (const directory of path.split(delimiter)) {
    if (directory === '') continue;
    const candidate = join(directory, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this directory.
    }
  }
  return program;
}
