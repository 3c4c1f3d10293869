/**
 * For an ordinary user everything of a bottle lives in a user namespace, in which they are root. A process without any
 * work holds it, with a network and a mount namespace, for as long as the bottle runs: the holder.
 */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { bottleDirectory, type Home } from '../home.ts';
import { endProcessesIn } from '../process/ending.ts';
import { type Ended, follow } from '../process/follow.ts';
import { findHolder, type Holder, holderRecordPath } from './holder-record.ts';
import { makePrivate } from './private-directory.ts';
import { RootlessError } from './rootless-error.ts';
import { mayMapRange } from './subordinate-ids.ts';
import { endUplink } from './uplink.ts';
import { userNamespaceObstacle } from './user-namespaces.ts';

export { findHolder } from './holder-record.ts';

/** Time that processes get to end when their bottle does. Milliseconds. */
const GRACE = 2000;

/*
 * The record is written by the holder itself: nobody can be killed between the start of one and the note of it.
 * Whoever started it and died meanwhile lets it die of SIGPIPE.
 */
const HOLD = `
record=$1
ip link set lo up 2>/dev/null
mount -t sysfs sysfs /sys 2>/dev/null
read -r stat </proc/$$/stat
read -r boot </proc/sys/kernel/random/boot_id
set -- \${stat##*) }
umask 077
echo "{\\"pid\\":$$,\\"startTime\\":\${20},\\"boot\\":\\"$boot\\"}" >"$record.new" && mv "$record.new" "$record" || exit 1
echo ready
exec sleep infinity >/dev/null 2>&1
`;

/**
 * The bottle's holder, started if there is none.
 * @throws RootlessError `user-namespaces-forbidden`, `state-not-private`, `holder-not-started`
 */
export async function ensureHolder(home: Home, bottle: string): Promise<Holder> {
  const there = findHolder(home, bottle);
  if (there) return there;
  makePrivate(home.root);
  makePrivate(bottleDirectory(home, bottle));
  rmSync(holderRecordPath(home, bottle), { force: true });
  // With a range of ids, programs that give up root for a user of their own (tcpdump, dnsmasq) run as they are.
  // It needs newuidmap(1) and an entry in /etc/subuid, and an unshare(1) that knows of it; one id does for everything else.
  const failure = (mayMapRange() ? await hold(home, bottle, ['--map-auto']) : 'not tried') && (await hold(home, bottle, []));
  const holder = findHolder(home, bottle);
  if (holder) return holder;
  throw (
    userNamespaceObstacle() ??
    new RootlessError(
      'holder-not-started',
      `a user namespace cannot be made: ${failure || 'its holder ended'}`,
      'Run Netbottle as root; in a container, allow it to make user namespaces.',
    )
  );
}

/** Runs a program inside, in the same directory, with the caller's standard streams; gives its end as a shell would. */
export async function enterHolder(holder: Holder, argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  // A mount namespace is entered at its root.
  const script = 'cd "$0" 2>/dev/null; exec "$@"';
  const enter = ['-t', String(holder.pid), '-U', '-m', '-n', '--preserve-credentials', '/bin/sh', '-c', script, process.cwd(), ...argv];
  return await follow('nsenter', enter, { environment, stdio: ['inherit', 'inherit', 'inherit'], tty: process.stdin.isTTY });
}

/** Ends the holder, its uplink and everything that lives in its namespaces, which are gone with it. Not to be called from inside of it. */
export async function endHolder(home: Home, bottle: string): Promise<void> {
  // It holds on to the network namespace too.
  await endUplink(bottleDirectory(home, bottle));
  const holder = findHolder(home, bottle);
  if (holder) await endInside(holder);
  rmSync(holderRecordPath(home, bottle), { force: true });
}

async function endInside(holder: Holder): Promise<void> {
  // As long as it is open the kernel gives its number to no other namespace, and nobody else is taken for one of its processes.
  const namespace = openSync(`/proc/${holder.pid}/ns/user`, 'r');
  try {
    await endProcessesIn(new Set([fstatSync(namespace).ino]), GRACE, 'user');
  } finally {
    closeSync(namespace);
  }
}

/** Starts a holder; what went wrong, or nothing. */
async function hold(home: Home, bottle: string, mapping: readonly string[]): Promise<string> {
  const child = spawn(
    'unshare',
    [
      '--user',
      '--map-root-user',
      ...mapping,
      '--mount',
      '--net',
      '--propagation',
      'slave',
      '/bin/sh',
      '-c',
      HOLD,
      'netbottle',
      holderRecordPath(home, bottle),
    ],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`, NETBOTTLE: bottle },
    },
  );
  child.unref();
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const [said, errors] = [text(child.stdout), text(child.stderr)];
  return await Promise.race([
    failed,
    said.then(async (output) => (output.startsWith('ready') ? '' : (await errors).trim() || 'its holder ended')),
  ]);
}

/** All that comes until every writer has closed, which the holder does when it is ready. */
async function text(stream: Readable): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
