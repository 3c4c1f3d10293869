/**
 * Hears of every change to a bottle's namespaces, and of those to the host that concern it.
 *
 * The sockets for the bottle's own namespaces are in a namespace that nobody else knows, in which those get numbers: so one
 * socket hears all of them, and nothing of it is left when the sockets close, however that happens. Node has no way to wait
 * for such a socket without a thread of its own, and is asked now and then instead: that is a system call for each.
 */
import { closeSync, openSync } from 'node:fs';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { MountEvents } from './mounts.ts';
import { inScratch } from './namespace.ts';
import { namespacesOf } from './namespaces.ts';
import { type Concern, routeConcerns, tableConcerns, tellsOfTables } from './netlink/concern.ts';
import { type EventSocket, openRouteEvents, openTableEvents } from './netlink/events.ts';
import { devices } from './netlink/link.ts';
import { numberNamespace } from './netlink/nsid.ts';
import { NETLINK_ROUTE, NetlinkSocket, withSocket } from './netlink/socket.ts';
import { pathOf, type Site, throwFirst } from './visit.ts';

const NOTHING: Concern = { devices: new Set(), indices: new Set(), destinations: new Set(), tables: new Set() };

/** Descriptors of namespaces that are open at once: libnftables cannot stand 1,024. */
const AT_ONCE = 128;

export class Monitor {
  readonly #site: Site;
  readonly #inside: { readonly route: EventSocket; readonly tables: EventSocket; readonly numbers: NetlinkSocket };
  readonly #host: { readonly route: EventSocket; readonly tables: EventSocket };
  readonly #mounts = new MountEvents();
  /** Asked apart from the other, for whether there may be namespaces that have no number yet. */
  readonly #places = new MountEvents();
  #unnumbered = true;
  #concern = NOTHING;

  constructor(site: Site) {
    this.#site = site;
    this.#inside = inScratch(() => ({
      route: openRouteEvents(true),
      tables: openTableEvents(true),
      numbers: new NetlinkSocket(NETLINK_ROUTE),
    }));
    this.#host = { route: openRouteEvents(false), tables: openTableEvents(false) };
  }

  /** Listens to the namespaces that the bottle has now, and on the host to what concerns these resources. */
  follow(resources: readonly Resource[]): void {
    this.#concern = concernOf(resources);
    if (this.#places.changed()) this.#unnumbered = true;
    if (!this.#unnumbered) return;
    const names = namespacesOf(this.#site);
    for (let at = 0; at < names.length; at += AT_ONCE) this.#number(names.slice(at, at + AT_ONCE));
    this.#unnumbered = false;
  }

  #number(names: readonly string[]): void {
    const { numbers } = this.#inside;
    const descriptors: number[] = [];
    try {
      for (const name of names) {
        const descriptor = openSync(pathOf(this.#site, name), 'r');
        descriptors.push(descriptor);
        numberNamespace(numbers, descriptor, name);
      }
      throwFirst(numbers.flush(), ['EEXIST']);
    } finally {
      descriptors.forEach(closeSync);
    }
  }

  /** Whether anything was told since the last time. */
  heard(): boolean {
    let heard = false;
    const { route, tables } = this.#inside;
    const complete = [
      route.drain(() => (heard = true)),
      tables.drain((message) => (heard ||= tellsOfTables(message))),
      this.#host.route.drain((message) => (heard ||= routeConcerns(message, this.#concern))),
      this.#host.tables.drain((message) => (heard ||= tableConcerns(message, this.#concern))),
    ];
    return heard || complete.includes(false) || this.#mounts.changed();
  }

  close(): void {
    const { route, tables, numbers } = this.#inside;
    for (const socket of [route, tables, numbers, this.#host.route, this.#host.tables]) socket.close();
    this.#mounts.close();
    this.#places.close();
  }
}

function concernOf(resources: readonly Resource[]): Concern {
  const names = new Set(resources.flatMap(hostDevices));
  const destinations = resources.flatMap((resource) => (resource.kind === 'route' && resource.namespace === HOST ? [resource.to] : []));
  const tables = resources.flatMap((resource) => (resource.kind === 'table' && resource.namespace === HOST ? [resource.name] : []));
  const there = withSocket((socket) => devices(socket));
  return {
    devices: names,
    indices: new Set(there.filter(({ name }) => names.has(name)).map(({ index }) => index)),
    destinations: new Set(destinations),
    tables: new Set(tables),
  };
}

function hostDevices(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case 'bridge':
      return resource.namespace === HOST ? [resource.device] : [];
    case 'veth':
      return resource.ends.filter(({ namespace }) => namespace === HOST).map(({ device }) => device);
    case 'bridge-port':
      return [resource.device];
    default:
      return [];
  }
}
