/** Failures of the state directory itself, told as such. */
import type { Home } from '../backend/home.ts';
import { DamagedSettings } from '../backend/kernel/host-settings.ts';
import { EngineError } from './error.ts';

const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EDQUOT', 'ENOSPC', 'EPERM', 'EROFS']);

/** Undefined for failures of anything else. */
export const stateTrouble = (home: Home, error: unknown): EngineError | undefined => damaged(error) ?? unwritable(home, error);

function damaged(error: unknown): EngineError | undefined {
  if (!(error instanceof DamagedSettings)) return undefined;
  return new EngineError('state-unreadable', `${error.path} is damaged: it tells what settings of this host were before`, {
    remedy: 'Remove it and run the command again. Settings such as net.ipv4.ip_forward then stay as they are now: put them back by hand.',
    cause: error,
  });
}

/** What a failure to write a note means; undefined for other failures. */
function unwritable(home: Home, error: unknown): EngineError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
  return new EngineError('state-unwritable', `the state directory ${home.root} cannot be written`, {
    details: [error.message],
    remedy: 'Make room in it or make it writable, or name another in NETBOTTLE_STATE.',
    cause: error,
  });
}
