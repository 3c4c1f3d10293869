/** Failures of the state directory itself, told as such. */
import { resolve } from 'node:path';
import type { Home } from '../backend/home.ts';
import { DamagedSettings } from '../backend/kernel/host-settings.ts';
import { readSysctl } from '../backend/kernel/sysctl.ts';
import { HOST } from '../resource/resource.ts';
import { EngineError } from './error.ts';
import { bottlesIn, readState } from './state.ts';

const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EDQUOT', 'ENOSPC', 'EPERM', 'EROFS']);

/** Undefined for failures of anything else. */
export const stateTrouble = (home: Home, error: unknown): EngineError | undefined => damaged(home, error) ?? unwritable(home, error);

function damaged(home: Home, error: unknown): EngineError | undefined {
  if (!(error instanceof DamagedSettings)) return undefined;
  const changed = settingsChanged(home);
  const settings = changed.length === 0 ? 'net.ipv4.ip_forward and net.ipv6.conf.all.forwarding' : 'those below';
  return new EngineError(
    'state-unreadable',
    `${error.path} is damaged: it tells what settings of this host were before bottles changed them`,
    {
      details: changed,
      remedy: [
        `1. rm ${shellWord(error.path)}`,
        '2. Run the command again. It leaves the settings of the host as they are now.',
        `3. After the last \`bottle down\`, put back by hand what this host had before: look at ${settings}; \`sysctl -w KEY=VALUE\` sets one.`,
      ].join('\n  '),
      cause: error,
    },
  );
}

/** Settings of the host that the notes of the bottles tell of, with their values now. */
function settingsChanged(home: Home): readonly string[] {
  const keys = bottlesIn(home).flatMap((bottle) => {
    try {
      return (readState(home, bottle)?.resources ?? []).flatMap((resource) =>
        resource.kind === 'sysctl' && resource.namespace === HOST ? [resource.key] : [],
      );
    } catch (error) {
      // Damaged as well: then they are told in general.
      if (error instanceof EngineError) return [];
      throw error;
    }
  });
  return [...new Set(keys)].sort().map((key) => `${key.replaceAll('/', '.')} = ${readSysctl(key) ?? 'gone'}`);
}

const shellWord = (text: string): string => (/^[\w/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** Above it, because the state directory itself may have to be made. */
function inOrAbove(home: Home, path: string): boolean {
  const [root, place] = [`${resolve(home.root)}/`, `${resolve(path)}/`];
  return place.startsWith(root) || root.startsWith(place);
}

/** What a failure to write a note means; undefined for other failures. */
function unwritable(home: Home, error: unknown): EngineError | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  // Of what is open already the path is not told.
  if (!UNWRITABLE.has(code) || (path !== undefined && !inOrAbove(home, path))) return undefined;
  return new EngineError('state-unwritable', `the state directory ${home.root} cannot be written`, {
    details: [error.message],
    remedy: 'Make room in it or make it writable, or name another in NETBOTTLE_STATE.',
    cause: error,
  });
}
