import { readFileSync, writeFileSync } from 'node:fs';
import { readNetconf } from './netlink/netconf.ts';
import type { NetlinkSocket } from './netlink/socket.ts';

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

/** Several of the namespace that the thread is in and the socket is of, the quick way where there is one. */
export function readSysctls(socket: NetlinkSocket, keys: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map(readNetconf(socket, keys));
  for (const key of keys) {
    const value = values.get(key) ?? readSysctl(key);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

export const writeSysctl = (key: string, value: string): void => writeFileSync(pathOf(key), value);

/**
 * Writes what is not so already, one after the other: the kernel changes some settings along with another, as whether redirects
 * are taken along with forwarding.
 */
export function writeSysctls(socket: NetlinkSocket, settings: readonly { readonly key: string; readonly value: string }[]): void {
  const told = readNetconf(
    socket,
    settings.map(({ key }) => key),
  );
  for (const { key, value } of settings) if ((told.get(key) ?? readSysctl(key)) !== value) writeSysctl(key, value);
}
