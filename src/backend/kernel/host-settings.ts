/**
 * Settings of the host that bottles had to change: which bottle wants what, and what was there before the first of them.
 * Shared by all bottles, hence under a lock of its own. The note is written before the setting is.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_SETTINGS_LOCK, type Home } from '../home.ts';
import { withLock } from '../lock.ts';
import { entailedSettings } from './entailed-settings.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

interface Setting {
  readonly original: string;
  /** What a bottle wrote last; nothing where the value was large enough as it was. */
  readonly written?: string;
  /** What the kernel changes along with it, as it was before. */
  readonly entailed?: Readonly<Record<string, string>>;
  /** The value that each bottle wants. */
  readonly wanted: Readonly<Record<string, string>>;
}

type Settings = Readonly<Record<string, Setting>>;

const fileOf = (home: Home): string => join(home.root, 'host-settings.json');

/** What settings were before cannot be read: only a person can say what to put back. */
export class DamagedSettings extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} is damaged`);
    this.name = 'DamagedSettings';
    this.path = path;
  }
}

function load(home: Home): Settings {
  try {
    return JSON.parse(readFileSync(fileOf(home), 'utf8')) as Settings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    if (error instanceof SyntaxError) throw new DamagedSettings(fileOf(home));
    throw error;
  }
}

function save(home: Home, settings: Settings): void {
  const file = fileOf(home);
  if (Object.keys(settings).length === 0) {
    rmSync(file, { force: true });
    return;
  }
  writeFileSync(`${file}.new`, JSON.stringify(settings), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The settings that the bottle has changed, with the values that the kernel has now. */
export function hostSettings(home: Home, bottle: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, { wanted }] of Object.entries(load(home))) {
    const value = readSysctl(key);
    if (wanted[bottle] !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

/** What settings were before any bottle changed them. */
export const originalSettings = (home: Home): ReadonlyMap<string, string> =>
  new Map(Object.entries(load(home)).map(([key, { original }]) => [key, original]));

export function changeHostSetting(home: Home, bottle: string, key: string, value: string, atLeast: boolean): void {
  withLock(join(home.root, HOST_SETTINGS_LOCK), () => {
    const settings = load(home);
    const now = readSysctl(key);
    if (now === undefined) throw new Error(`the kernel has no setting ${key}`);
    const writing = !atLeast || Number(now) < Number(value);
    const { original = now, wanted = {}, written, entailed = entailedSettings(key) } = settings[key] ?? {};
    const last = writing ? value : written;
    save(home, {
      ...settings,
      [key]: { original, entailed, wanted: { ...wanted, [bottle]: value }, ...(last === undefined ? {} : { written: last }) },
    });
    if (writing) writeSysctl(key, value);
  });
}

/** The bottle needs the setting no longer; the last one puts the old value back, unless somebody else changed it since. */
export function releaseHostSetting(home: Home, bottle: string, key: string): void {
  withLock(join(home.root, HOST_SETTINGS_LOCK), () => {
    const settings = load(home);
    const setting = settings[key];
    if (setting === undefined) return;
    const { [bottle]: mine, ...others } = setting.wanted;
    if (mine === undefined) return;
    const { [key]: _, ...rest } = settings;
    if (Object.keys(others).length > 0) return save(home, { ...rest, [key]: { ...setting, wanted: others } });
    if (readSysctl(key) === setting.written && setting.written !== setting.original) {
      writeSysctl(key, setting.original);
      for (const [entailed, value] of Object.entries(setting.entailed ?? {})) {
        // Interfaces may have gone meanwhile.
        if (![undefined, value].includes(readSysctl(entailed))) writeSysctl(entailed, value);
      }
    }
    save(home, rest);
  });
}
