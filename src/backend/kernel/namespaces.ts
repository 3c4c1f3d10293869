/** The network namespaces of a bottle: files in its state directory, each with a namespace mounted on it. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sysctl } from '../../resource/sysctl.ts';
import { type Home, inUserNamespace, namespaceDirectory } from '../home.ts';
import { MNT_DETACH, MS_SHARED, mount, mountTmpfs, umount } from './libc.ts';
import { markText } from './mark.ts';
import { isMountPoint, mountedIn } from './mount-points.ts';
import { withinNew } from './namespace.ts';
import { changeDevice, setUp } from './netlink/link.ts';
import { withSocket } from './netlink/socket.ts';
import { writeSysctls } from './sysctl.ts';
import { eachInTurn, pathOf, type Site, throwFirst } from './visit.ts';

const NSFS_MAGIC = 0x6e736673;

/** Where `ip netns` looks. Root's bottles have a link there for each namespace; nobody else can write to it. */
const IP_NETNS = '/run/netns';

const isNamespace = (path: string): boolean => statfsSync(path).type === NSFS_MAGIC;

/** Names of the namespaces that a bottle has. */
export const namespacesOf = (site: Site): readonly string[] => [...mountedNamespaces(site).keys()];

/** With what is mounted there: `net:[4026532318]`. */
export function mountedNamespaces({ home, bottle }: Site): ReadonlyMap<string, string> {
  const directory = namespaceDirectory(home, bottle);
  return existsSync(directory) ? mountedIn(directory, 'nsfs') : new Map();
}

/** Inodes of those of the namespaces that are there; by them /proc tells who lives in one. */
export function namespaceInodes(site: Site, names: readonly string[]): ReadonlySet<number> {
  const there = new Set(namespacesOf(site));
  return new Set(names.filter((name) => there.has(name)).map((name) => statSync(pathOf(site, name)).ino));
}

/** Names in `ip netns` that somebody else has. */
export function foreignNames(home: Home): readonly string[] {
  if (!linksNames() || !existsSync(IP_NETNS)) return [];
  return readdirSync(IP_NETNS, { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink() || !leadsTo(home, `${IP_NETNS}/${entry.name}`))
    .map(({ name }) => name);
}

/** Those of the namespaces whose link there somebody took away. */
export function unlinkedNames(names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0 || !linksNames()) return new Set();
  const there = new Set(existsSync(IP_NETNS) ? readdirSync(IP_NETNS) : []);
  return new Set(names.filter((name) => !there.has(name)));
}

const isOurLink = (home: Home, path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && leadsTo(home, path);

const leadsTo = (home: Home, link: string): boolean => readlinkSync(link).startsWith(`${home.root}/`);

/** In a user namespace, root is not the host's root and /run is not its to write. */
const linksNames = (): boolean => process.getuid?.() === 0 && !inUserNamespace();

/** Makes namespaces with their settings; `settings` gives those of one. */
export async function makeNamespaces(site: Site, names: readonly string[], settings: (name: string) => readonly Sysctl[]): Promise<void> {
  prepareDirectory(namespaceDirectory(site.home, site.bottle));
  await eachInTurn(names, (name) => {
    const path = pathOf(site, name);
    withinNew(path, () =>
      withSocket((socket) => {
        changeDevice(socket, 'lo', { alias: markText({ bottle: site.bottle, kind: 'namespace', name, end: 0 }) });
        setUp(socket, 'lo', true);
        throwFirst(socket.flush());
        writeSysctls(socket, settings(name));
      }),
    );
  });
  linkNames(site, names);
}

/** Gives namespaces their names in `ip netns`. */
export function linkNames(site: Site, names: readonly string[]): void {
  if (!linksNames()) return;
  mkdirSync(IP_NETNS, { recursive: true });
  for (const name of names) {
    const link = join(IP_NETNS, name);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(pathOf(site, name), link);
  }
}

/**
 * The directory is a mount of its own: one call detaches all that is mounted in it, and in memory it takes the files away
 * with it. It is shared, so that what is detached here goes from other mount namespaces too, as for `ip netns`.
 */
function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  if (!isMountPoint(directory)) mountTmpfs(directory, 'mode=755');
  mount('none', directory, MS_SHARED);
}

export async function removeNamespaces(site: Site, names: readonly string[]): Promise<void> {
  const directory = namespaceDirectory(site.home, site.bottle);
  if (!existsSync(directory)) return;
  const going = new Set(names);
  removeLinks(site, names);
  const files = readdirSync(directory);
  if (files.every((name) => going.has(name) || !isNamespace(join(directory, name)))) {
    // Somebody may have unmounted namespaces by hand, and left the names.
    removeLinks(site, files);
    dismantle(site);
    return;
  }
  await eachInTurn(names, (name) => {
    const path = pathOf(site, name);
    if (!existsSync(path)) return;
    if (isNamespace(path)) umount(path, MNT_DETACH);
    rmSync(path);
  });
}

/** Removes a directory for namespaces in which there are none: whoever made it was killed, or failed, before the first. */
export function removeNamespaceDirectory(site: Site): void {
  if (namespacesOf(site).length > 0) return;
  const directory = namespaceDirectory(site.home, site.bottle);
  if (linksNames() && existsSync(IP_NETNS)) {
    for (const link of readdirSync(IP_NETNS).map((name) => join(IP_NETNS, name))) {
      if (isOurLink(site.home, link) && dirname(readlinkSync(link)) === directory) unlinkSync(link);
    }
    removeEmptyNames();
  }
  if (existsSync(directory)) dismantle(site);
}

function removeLinks({ home }: Site, names: readonly string[]): void {
  if (!linksNames() || !existsSync(IP_NETNS)) return;
  for (const link of names.map((name) => join(IP_NETNS, name))) if (isOurLink(home, link)) unlinkSync(link);
}

/** All of them at once. */
function dismantle({ home, bottle }: Site): void {
  const directory = namespaceDirectory(home, bottle);
  while (isMountPoint(directory)) umount(directory, MNT_DETACH);
  rmSync(directory, { recursive: true });
  removeEmptyNames();
  removeIfEmpty(dirname(directory));
}

function removeEmptyNames(): void {
  if (linksNames() && existsSync(IP_NETNS) && !isMountPoint(IP_NETNS)) removeIfEmpty(IP_NETNS);
}

function removeIfEmpty(directory: string): void {
  if (readdirSync(directory).length === 0) rmdirSync(directory);
}
