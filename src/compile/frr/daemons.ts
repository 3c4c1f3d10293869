/**
 * The daemons of FRR that a router runs: zebra, which puts routes into the kernel, and one for each protocol.
 *
 * They are root in the router's namespaces, as all that runs there. FRR insists on a group `frrvty` that its user is in, so
 * they see a file of groups that says so. All that they write is in a directory of the router's own, which they and all who
 * are in the router see as /etc/frr: nothing of them is left when it goes. Where the host has /run/frr, it is seen there, too,
 * and vtysh(1) finds it without being told.
 */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import { hash } from '../../network/hash.ts';
import type { Node } from '../../network/network.ts';
import type { File } from '../../resource/file.ts';
import type { LearnedRoute, Mount, Process } from '../../resource/process.ts';
import { HOSTS_FILE, resolverPath } from '../service.ts';

/** Where FRR has its programs: Debian and its own packages agree. */
export const FRR_PROGRAMS = '/usr/lib/frr';
const FRR_DIRECTORY = '/etc/frr';

export const DAEMONS = ['zebra', 'ospfd', 'ospf6d', 'bgpd'] as const;

type Daemon = (typeof DAEMONS)[number];

const nameOf = (daemon: Daemon): string => `frr.${daemon}`;

/** Whose process it is, by its name; undefined for those of the file. */
export const daemonOfProcess = (name: string): Daemon | undefined => DAEMONS.find((daemon) => nameOf(daemon) === name);

/** Whose configuration it is, by its path in the state directory. */
export const daemonOfFile = (path: string): Daemon | undefined => DAEMONS.find((daemon) => path.startsWith(`files/${nameOf(daemon)}.`));

const GROUPS: File = { kind: 'file', origin: ['name'], path: 'files/frr.groups', content: 'root:x:0:\nfrrvty:x:0:root\n' };

export const groupsFile: readonly File[] = [GROUPS];

/** What whoever runs in a router with FRR sees of it. */
export const frrMounts = (router: string): readonly Mount[] => [
  { from: `frr/${router}/`, at: FRR_DIRECTORY },
  { from: `frr/${router}/`, at: '/run/frr' },
];

/**
 * The others wait until zebra answers, for who finds nobody asks again after ten seconds; and they end with it, for not all
 * of them tell a new one what they had told the one before. What they note in /run/frr stays theirs, also on hosts without it.
 */
const SCRIPT = `file=$1 daemon=$2
shift 2
cd ${FRR_DIRECTORY}
mkdir -p run/frr
: >vtysh.conf
cp "$NETBOTTLE_DIRECTORY/$file" $daemon.conf
mount --bind run /run
if [ "$daemon" != zebra ]; then
  until vtysh --vty_socket ${FRR_DIRECTORY} -d zebra -c 'show version' >/dev/null 2>&1; do sleep 0.05; done
  { tail --pid="$(cat zebra.pid)" -f /dev/null; kill $$; } &
fi
exec ${FRR_PROGRAMS}/$daemon -f ${FRR_DIRECTORY}/$daemon.conf "$@"`;

export interface Wanted {
  readonly daemon: Daemon;
  /** Its configuration. */
  readonly text: string;
  readonly learns: readonly LearnedRoute[];
}

/** A configuration is read once: another one is another environment, and restarts its daemon. */
export function daemonsOf(router: Node, namespace: string, origin: Origin, wanted: readonly Wanted[]): readonly (File | Process)[] {
  return wanted.flatMap(({ daemon, text, learns }): readonly (File | Process)[] => {
    const path = `files/${nameOf(daemon)}.${router.name}`;
    return [
      { kind: 'file', origin, path, content: text },
      {
        kind: 'process',
        origin,
        machine: router.name,
        namespace,
        name: nameOf(daemon),
        command: ['/bin/sh', '-c', SCRIPT, 'frr', path, daemon, ...optionsOf(daemon)],
        environment: { NETBOTTLE_CONFIGURATION: digestOf(text) },
        directory: '/',
        restart: 'always',
        hosts: HOSTS_FILE,
        resolver: resolverPath(router.name),
        mounts: [
          { from: `frr/${router.name}/`, at: FRR_DIRECTORY },
          { from: `frr/${router.name}/tmp/`, at: '/var/tmp' },
          { from: GROUPS.path, at: '/etc/group' },
        ],
        ...(learns.length > 0 && { learns }),
      },
    ];
  });
}

function digestOf(text: string): string {
  const { high, low } = hash(text);
  return `${high.toString(16)}-${low.toString(16)}`;
}

/** No port for telnet: whoever wants to ask uses vtysh. */
const optionsOf = (daemon: Daemon): readonly string[] => [
  ...['-u', 'root', '-g', 'root'],
  ...['--vty_socket', FRR_DIRECTORY],
  ...['-z', `${FRR_DIRECTORY}/zserv.api`],
  ...['-i', `${FRR_DIRECTORY}/${daemon}.pid`],
  ...['-P', '0'],
  ...['--log', 'stdout'],
];
