import { readFileSync, writeFileSync } from 'node:fs';

const pathOf = (key: string): string => `/proc/sys/${key}`;

/** The value in the namespace that the thread is in; undefined where the kernel has no such setting. */
export function readSysctl(key: string): string | undefined {
  try {
    return readFileSync(pathOf(key), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes only what is not so already: in a new namespace reading costs a quarter of writing. */
export function writeSysctl(key: string, value: string): void {
  if (readSysctl(key) !== value) writeFileSync(pathOf(key), value);
}
