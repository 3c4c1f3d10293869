/** What nobody tells of when it changes. It is looked at now and then, in ways that cost next to nothing. */
import { statSync } from 'node:fs';
import { bottleDirectory, type Home } from '../backend/home.ts';
import { isTold } from '../backend/kernel/netlink/netconf.ts';
import { readSysctl } from '../backend/kernel/sysctl.ts';
import { enter } from '../backend/kernel/visit.ts';
import { isAlive } from '../backend/process/identity.ts';
import { lastKeeper } from '../backend/process/keeper-record.ts';
import type { Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import { type Sysctl, sysctlKind } from '../resource/sysctl.ts';
import { stateFile } from './state.ts';

/** Settings that no event tells of. */
export type Quiet = readonly Sysctl[];

export const quietIn = (resources: readonly Resource[]): Quiet =>
  resources.filter((resource): resource is Sysctl => resource.kind === 'sysctl' && !isTold(resource.key));

const isWrong = (wanted: Sysctl): boolean => {
  const value = readSysctl(wanted.key);
  return value !== undefined && sysctlKind.differences({ ...wanted, value }, wanted).length > 0;
};

const isOnHost = ({ namespace }: Sysctl): boolean => namespace === HOST;

export const hostSettingsWrong = (quiet: Quiet): boolean => quiet.filter(isOnHost).some(isWrong);

export const areAllOnHost = (quiet: Quiet): boolean => quiet.every(isOnHost);

/** Only for who holds the bottle's lock: `bottle down` ends whom it meets inside of a namespace. */
export function settingsInsideWrong(home: Home, bottle: string, quiet: Quiet): boolean {
  const inside = quiet.filter((setting) => !isOnHost(setting));
  return [...new Set(inside.map(({ namespace }) => namespace))].some((namespace) =>
    enter({ home, bottle }, namespace, () => inside.filter((setting) => setting.namespace === namespace).some(isWrong)),
  );
}

/** Changes with every `up`, `stop`, `start` and `down`, and when the keeper dies. */
export function notesOf(home: Home, bottle: string): string {
  const file = statSync(stateFile(home, bottle), { throwIfNoEntry: false });
  const keeper = lastKeeper(bottleDirectory(home, bottle));
  return `${file?.ino} ${file?.mtimeMs} ${keeper === undefined ? '' : `${keeper.pid} ${isAlive(keeper)}`}`;
}
