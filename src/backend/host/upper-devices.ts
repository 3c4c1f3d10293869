/**
 * Devices that receive in the place of an interface of the host. As long as there is one the interface cannot be a port of
 * a bridge: a device has one receive handler (netdev_rx_handler_register in net/core/dev.c).
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, namespaceDirectory } from '../home.ts';
import { markIn } from '../kernel/mark.ts';
import { within } from '../kernel/namespace.ts';
import { type Device, devices } from '../kernel/netlink/devices.ts';
import { withSocket } from '../kernel/netlink/socket.ts';

const KINDS: ReadonlySet<string> = new Set(['macvlan', 'macvtap', 'ipvlan', 'ipvtap']);

export interface UpperDevice {
  readonly name: string;
  readonly kind: string;
  /** The interface of the host that it sits on. */
  readonly lower: string;
  /** Undefined for what no bottle made. */
  readonly bottle: string | undefined;
}

/** In whatever namespace they are that has a name, or in which something runs; the kernel does not tell it of the interface itself. */
export function upperDevices(home: Home): readonly UpperDevice[] {
  const host = withSocket(devices);
  const found = host.flatMap((device) => (KINDS.has(device.kind) && device.parentNamespace === undefined ? upper(device, host) : []));
  return [...found, ...namespacePaths(home).flatMap((path) => unlessGone(() => within(path, () => upperDevicesHere(host))) ?? [])];
}

function upperDevicesHere(host: readonly Device[]): readonly UpperDevice[] {
  return withSocket((socket) =>
    devices(socket).flatMap((device) => {
      if (!KINDS.has(device.kind) || device.parentNamespace === undefined) return [];
      // The number alone may be that of another namespace's device.
      const [there] = devices(socket, { namespace: device.parentNamespace }).filter(({ index }) => index === device.parent);
      return upper(
        device,
        host.filter(({ name, mac }) => name === there?.name && mac === there.mac),
      );
    }),
  );
}

const upper = ({ name, kind, parent, alias }: Device, lower: readonly Device[]): readonly UpperDevice[] =>
  lower.flatMap((device) => (device.index === parent ? [{ name, kind, lower: device.name, bottle: markIn(alias)?.bottle }] : []));

/** A file of every namespace but the host's own. */
function namespacePaths(home: Home): readonly string[] {
  const named = ['/run/netns', ...list(home.root).map((bottle) => namespaceDirectory(home, bottle))];
  const paths = [
    ...named.flatMap((directory) => list(directory).map((name) => join(directory, name))),
    ...list('/proc').flatMap((name) => (/^\d+$/.test(name) ? [`/proc/${name}/ns/net`] : [])),
  ];
  const own = statSync('/proc/self/ns/net');
  const found = new Map<number, string>();
  for (const path of paths) {
    const file = unlessGone(() => statSync(path));
    // A file on which no namespace is mounted any more is on another device.
    if (file?.dev === own.dev && file.ino !== own.ino && !found.has(file.ino)) found.set(file.ino, path);
  }
  return [...found.values()];
}

const list = (directory: string): readonly string[] =>
  existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory) : [];

/** Processes end meanwhile, and their namespaces with them. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
