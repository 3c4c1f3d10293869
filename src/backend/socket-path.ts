import { closeSync, existsSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const LIMIT = 107;

/**
 * The path by which a socket is bound or connected to. unix(7) has room for 107 bytes; a longer one is reached through its
 * open directory, which is closed by `release`.
 */
export function socketPath(path: string): { readonly path: string; release(): void } {
  const directory = dirname(path);
  if (Buffer.byteLength(path) <= LIMIT || !existsSync(directory)) return { path, release: () => undefined };
  const descriptor = openSync(directory, 'r');
  return { path: `/proc/self/fd/${descriptor}/${basename(path)}`, release: () => closeSync(descriptor) };
}
