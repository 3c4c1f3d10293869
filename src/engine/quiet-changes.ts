/** What nobody tells of when it changes. It is looked at now and then, in ways that cost next to nothing. */
import { statSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { bottleDirectory, type Home } from '../backend/home.ts';
import { unlinkedNames } from '../backend/kernel/namespaces.ts';
import { isTold } from '../backend/kernel/netlink/netconf.ts';
import { readSysctl } from '../backend/kernel/sysctl.ts';
import { enter } from '../backend/kernel/visit.ts';
import { changeMark } from '../backend/ovs/change-mark.ts';
import { isAlive } from '../backend/process/identity.ts';
import { lastKeeper } from '../backend/process/keeper-record.ts';
import { join, type Part, partOf } from '../plan/part.ts';
import type { Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import { type Sysctl, sysctlKind } from '../resource/sysctl.ts';
import { stateFile } from './state.ts';

/** What of a bottle changes without a word. */
export interface Quiet {
  /** Settings that no event tells of. */
  readonly settings: readonly Sysctl[];
  /** Names in `ip netns`. */
  readonly names: readonly string[];
  /** Paths below the bottle's directory. */
  readonly files: readonly string[];
  /** Namespaces with switches of Open vSwitch. */
  readonly switches: readonly string[];
}

export function quietIn(resources: readonly Resource[]): Quiet {
  return {
    settings: resources.flatMap((resource) => (resource.kind === 'sysctl' && !isTold(resource.key) ? [resource] : [])),
    names: resources.flatMap((resource) => (resource.kind === 'namespace' ? [resource.name] : [])),
    files: resources.flatMap((resource) => (resource.kind === 'file' ? [resource.path] : [])),
    switches: [...new Set(resources.flatMap((resource) => (resource.kind === 'ovs-switch' ? [resource.namespace] : [])))],
  };
}

const isWrong = (wanted: Sysctl): boolean => {
  const value = readSysctl(wanted.key);
  return value !== undefined && sysctlKind.differences({ ...wanted, value }, wanted).length > 0;
};

const isOnHost = ({ namespace }: Sysctl): boolean => namespace === HOST;

/** The part of the bottle in which something has changed that can be seen from the host; `files` as `marksOfFiles` gave it. */
export function wrongOnHost(home: Home, bottle: string, quiet: Quiet, files: string): Part {
  return join([
    partOf('kernel', [...unlinkedNames(quiet.names), ...(quiet.settings.filter(isOnHost).some(isWrong) ? [HOST] : [])]),
    partOf('files', files === marksOfFiles(home, bottle, quiet) ? [] : [HOST]),
  ]);
}

export const areAllOnHost = ({ settings }: Quiet): boolean => settings.every(isOnHost);

/** Only for who holds the bottle's lock: `bottle down` ends whom it meets inside of a namespace. */
export function wrongInside(home: Home, bottle: string, { settings }: Quiet): Part {
  const inside = settings.filter((setting) => !isOnHost(setting));
  const namespaces = [...new Set(inside.map(({ namespace }) => namespace))];
  const wrong = namespaces.filter((namespace) =>
    enter({ home, bottle }, namespace, () => inside.filter((setting) => setting.namespace === namespace).some(isWrong)),
  );
  return partOf('kernel', wrong);
}

/** Is another whenever somebody writes to one of the bottle's files, or takes it away. */
export function marksOfFiles(home: Home, bottle: string, { files }: Quiet): string {
  const directory = bottleDirectory(home, bottle);
  return files
    .map((path) => {
      const file = statSync(joinPath(directory, path), { throwIfNoEntry: false });
      return `${file?.ino} ${file?.mtimeMs} ${file?.size}`;
    })
    .join('\n');
}

/** By namespace: another whenever somebody changes a switch of Open vSwitch there, its flows, or ends its daemons. */
export async function marksOfSwitches(home: Home, bottle: string, { switches }: Quiet): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(switches.map(async (namespace) => [namespace, await changeMark({ home, bottle }, namespace)] as const)));
}

/** The part in which these marks differ. */
export const changedSwitches = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Part =>
  partOf(
    'ovs',
    [...now].flatMap(([namespace, mark]) => (before.get(namespace) === mark ? [] : [namespace])),
  );

/** Changes with every `up`, `stop`, `start` and `down`, and when the keeper dies. */
export function notesOf(home: Home, bottle: string): string {
  const file = statSync(stateFile(home, bottle), { throwIfNoEntry: false });
  const keeper = lastKeeper(bottleDirectory(home, bottle));
  return `${file?.ino} ${file?.mtimeMs} ${keeper === undefined ? '' : `${keeper.pid} ${isAlive(keeper)}`}`;
}
