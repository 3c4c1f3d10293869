/**
 * The daemons of an Open vSwitch of a bottle's own: ovsdb-server(1) and ovs-vswitchd(8). They outlive the command that starts
 * them. Each has a monitor of its own, which starts it again when it crashes; who kills one kills both.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bottleDirectory } from '../home.ts';
import { within } from '../kernel/namespace.ts';
import { pathOf } from '../kernel/visit.ts';
import { endAllOf } from '../process/ending.ts';
import { isMarked, namespaceInode, processesMarked } from '../process/living.ts';
import { lastLines } from '../process/log-file.ts';
import { Database } from './database.ts';
import { OvsError } from './ovs-error.ts';
import { databaseFile, databaseSocket, type Place } from './place.ts';

const SERVER = 'ovsdb-server';
const SWITCH = 'ovs-vswitchd';
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 2000;
/** Milliseconds for a daemon to say that it is there. */
const START_LIMIT = 20_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const marksOf = ({ site, namespace }: Place): Readonly<Record<string, string>> => ({
  NETBOTTLE: site.bottle,
  NETBOTTLE_DIRECTORY: bottleDirectory(site.home, site.bottle),
  NETBOTTLE_OPEN_VSWITCH: namespace,
});

const entriesOf = (place: Place): readonly string[] => Object.entries(marksOf(place)).map(([name, value]) => `${name}=${value}`);

/** Whether both of them run, in the namespace that is there now. */
export function areRunning(place: Place): boolean {
  const namespace = statSync(pathOf(place.site, place.namespace), { throwIfNoEntry: false })?.ino;
  return [SERVER, SWITCH].every((daemon) => {
    const pid = pidOf(place, daemon);
    return pid !== undefined && isMarked(pid, entriesOf(place)) && namespaceInode(pid) === namespace;
  });
}

function pidOf({ run }: Place, daemon: string): number | undefined {
  try {
    return Number(readFileSync(join(run, `${daemon}.pid`), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Starts them, with the database that there was, if there was one.
 * @throws OvsError `ovs-start`
 */
export async function startDaemons(place: Place): Promise<void> {
  if (areRunning(place)) return;
  await endDaemons([place]);
  mkdirSync(place.run, { recursive: true, mode: 0o700 });
  const database = databaseFile(place);
  if (!existsSync(database)) start(place, 'ovsdb-tool', ['create', database]);
  start(place, SERVER, [database, `--remote=punix:${databaseSocket(place)}`, ...daemonOptions(place, SERVER)]);
  await haveRoot(place);
  start(place, SWITCH, [`unix:${databaseSocket(place)}`, ...daemonOptions(place, SWITCH)]);
}

const daemonOptions = ({ run, directory }: Place, daemon: string): readonly string[] => [
  `--pidfile=${join(run, `${daemon}.pid`)}`,
  `--unixctl=${controlSocketIn(run, daemon)}`,
  '--detach',
  '--monitor',
  '-vconsole:err',
  '-vsyslog:off',
  `--log-file=${join(directory, `${daemon}.log`)}`,
];

const controlSocketIn = (run: string, daemon: string): string => join(run, `${daemon}.ctl`);

/** Where the switch daemon of a bottle takes what ovs-appctl(8) asks. */
export const controlSocket = ({ run }: Place): string => controlSocketIn(run, SWITCH);

/** Is back when the program has ended, and that is when the daemon that it leaves behind answers. */
function start(place: Place, program: string, args: readonly string[]): void {
  const { directory, run, site, namespace } = place;
  const environment = { PATH, OVS_RUNDIR: run, OVS_DBDIR: directory, OVS_LOGDIR: directory, OVS_SYSCONFDIR: directory, ...marksOf(place) };
  const { status, stderr, error } = within(pathOf(site, namespace), () =>
    spawnSync(program, args, { cwd: '/', env: environment, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: START_LIMIT }),
  );
  if (error === undefined && status === 0) return;
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new OvsError('ovs-start', `there is no program ${program}`, {
      remedy: 'Install it: apt install openvswitch-switch',
      cause: error,
    });
  const words = [stderr.trim(), ...lastLines(join(directory, `${program}.log`), 5)].filter((line) => line !== '');
  throw new OvsError('ovs-start', [`${program} did not start in ${namespace}`, ...words].join('\n  '), { cause: error });
}

/** All that there is hangs on the one row of the table Open_vSwitch, which is for somebody to insert. */
async function haveRoot(place: Place): Promise<void> {
  const database = await Database.open(databaseSocket(place));
  try {
    if (database.contents.Open_vSwitch.size === 0) await database.transact([{ op: 'insert', table: 'Open_vSwitch', row: {} }]);
  } finally {
    database.close();
  }
}

/** Ends what runs of them, with their monitors. */
async function endDaemons(places: readonly Place[]): Promise<void> {
  await endAllOf(() => processesMarked(places.map(entriesOf)), GRACE);
}

/** Ends them, and leaves nothing of them. */
export async function removeDaemons(places: readonly Place[]): Promise<void> {
  await endDaemons(places);
  for (const { directory } of places) rmSync(directory, { recursive: true, force: true });
}
