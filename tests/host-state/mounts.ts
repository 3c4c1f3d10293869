import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { inExtent } from './ours.ts';
import { ancestors, isGone, processIds } from './processes.ts';
import type { Extent, Item, Items } from './snapshot.ts';

interface Mount {
  readonly point: string;
  readonly root: string;
  readonly type: string;
  readonly facts: Item;
}

/** Reads proc_pid_mountinfo(5). */
function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', right = ''] = line.split(' - ');
      const [, , , root = '', point = '', options = '', ...propagation] = left.split(' ');
      const [type = '', source = '', superOptions = ''] = right.split(' ');
      // The numbers of peer groups are given out anew.
      const sharing = propagation.map((field) => field.replace(/:\d+$/, '')).join(' ');
      return { point, root, type, facts: { root, type, source, options, superOptions, sharing } };
    });
}

const mountinfo = (): Mount[] => parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));

/** Mounts by their place; those on top of each other are numbered from below. */
export function readMounts(extent: Extent): Items {
  const items: Record<string, Item> = {};
  for (const { point, facts } of mountinfo().filter((mount) => inExtent(extent, mount.point))) {
    const below = Object.keys(items).filter((key) => key === point || key.startsWith(`${point} #`)).length;
    items[below === 0 ? point : `${point} #${below + 1}`] = facts;
  }
  return items;
}

const kinds = ['net', 'mnt', 'user', 'pid'];

/** The namespaces that something holds open: a process, a mount, or a name that `ip netns` shows. */
export function readNamespaces(extent: Extent): Items {
  const items: Record<string, Item> = {};
  for (const name of listing('/run/netns').filter((one) => inExtent(extent, one))) items[`/run/netns/${name}`] = {};
  for (const { root, point } of mountinfo().filter((mount) => mount.type === 'nsfs' && inExtent(extent, mount.point))) {
    items[root] = { ...items[root], [`mounted on ${point}`]: 'yes' };
  }
  if (extent === 'ours') return items;
  const own = ancestors();
  for (const pid of processIds().filter((one) => !own.has(one))) {
    for (const kind of kinds) {
      try {
        const held = readlinkSync(`/proc/${pid}/ns/${kind}`);
        items[held] ??= {};
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
  }
  return items;
}

function listing(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}
