import { join } from 'node:path';

/** The state directory: journals, caches, sockets, logs, and the namespaces' mount points. Gone after a reboot, as they are. */
export interface Home {
  readonly root: string;
}

/** `/run/netbottle` for root; a directory of their own for anybody else. `NETBOTTLE_STATE` overrides both. */
export function homeFor(environment: NodeJS.ProcessEnv, uid: number): Home {
  const { NETBOTTLE_STATE: given, XDG_RUNTIME_DIR: runtime } = environment;
  if (given !== undefined && given !== '') return { root: given };
  if (uid === 0) return { root: '/run/netbottle' };
  return { root: runtime !== undefined && runtime !== '' ? join(runtime, 'netbottle') : `/tmp/netbottle-${uid}` };
}

export const bottleDirectory = (home: Home, bottle: string): string => join(home.root, bottle);

/** Is there while a command changes the bottle, and after one that was killed. */
export const journalPath = (home: Home, bottle: string): string => join(bottleDirectory(home, bottle), 'journal.json');

/** A bind mount of its own, so that one call detaches all that is in it. */
export const namespaceDirectory = (home: Home, bottle: string): string => join(home.root, bottle, 'netns');

/** The file that a namespace is bind-mounted on. */
export const namespacePath = (home: Home, bottle: string, name: string): string => `${home.root}/${bottle}/netns/${name}`;

/** Of the settings of the host that several bottles may have changed; in the state directory. */
export const HOST_SETTINGS_LOCK = 'host-settings.lock';

/** Whether the host is the root of an ordinary user's user namespace; whoever starts a command in there says so. */
export const inUserNamespace = (): boolean => process.env['NETBOTTLE_ROOTLESS'] !== undefined;
