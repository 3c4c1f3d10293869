/** Where the Open vSwitch of a namespace is to be found. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../../resource/resource.ts';
import { bottleDirectory } from '../home.ts';
import type { Site } from '../kernel/visit.ts';

/** Where Debian's service has its sockets; OVS_RUNDIR names another place, as for all tools of Open vSwitch. */
const RUN_DIRECTORY = '/var/run/openvswitch';

const hostRun = (): string => process.env['OVS_RUNDIR'] ?? RUN_DIRECTORY;

/** The socket of the database of the host's Open vSwitch. */
export const hostSocket = (): string => join(hostRun(), 'db.sock');

export interface Place {
  readonly site: Site;
  readonly namespace: string;
  /** Holds all that is ours of it; for the host's, nothing but flows on their way. */
  readonly directory: string;
  /** Sockets and numbers of processes. */
  readonly run: string;
}

const directoryOf = ({ home, bottle }: Site): string => join(bottleDirectory(home, bottle), 'ovs');

export function placeOf(site: Site, namespace: string): Place {
  const directory = join(directoryOf(site), namespace);
  const run = namespace === HOST ? hostRun() : join(directory, 'run');
  return { site, namespace, directory, run };
}

export const databaseSocket = ({ run }: Place): string => join(run, 'db.sock');

/** Where the database is kept. Of the host's it is where Debian's service has it, unless OVS_DBDIR names another place. */
export const databaseFile = ({ namespace, directory }: Place): string =>
  join(namespace === HOST ? (process.env['OVS_DBDIR'] ?? '/etc/openvswitch') : directory, 'conf.db');

/** The host's, if it has one, and those that a bottle has made, also where they have ended. */
export function placesOf(site: Site): readonly Place[] {
  const directory = directoryOf(site);
  const own = existsSync(directory) ? readdirSync(directory).filter((namespace) => namespace !== HOST) : [];
  return [...(existsSync(hostSocket()) ? [placeOf(site, HOST)] : []), ...own.map((namespace) => placeOf(site, namespace))];
}
