/**
 * Hears of every change to a bottle's namespaces, and of those to the host that concern it.
 *
 * The sockets for the bottle's own namespaces are in a namespace that nobody else knows, in which those get numbers: so one
 * socket hears all of them, and nothing of it is left when the sockets close, however that happens. Node has no way to wait
 * for such a socket without a thread of its own, and is asked now and then instead: that is a system call for each.
 */
import { closeSync, openSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { MountEvents } from './mounts.ts';
import { inScratch } from './namespace.ts';
import { mountedNamespaces } from './namespaces.ts';
import { type Concern, routeConcerns, tableConcerns, tellsOfTables } from './netlink/concern.ts';
import { devices } from './netlink/devices.ts';
import { type EventSocket, openRouteEvents, openTableEvents } from './netlink/events.ts';
import { numberNamespace } from './netlink/nsid.ts';
import { NETLINK_ROUTE, NetlinkSocket, withSocket } from './netlink/socket.ts';
import { pathOf, type Site, throwFirst } from './visit.ts';

const NOTHING: Concern = { devices: new Set(), indices: new Set(), destinations: new Set(), tables: new Set() };

/** Descriptors of namespaces that are open at once: libnftables cannot stand 1,024. */
const AT_ONCE = 128;

/** What was told of since the last time: namespaces in which something changed. */
export interface Told {
  /** Something was lost, or namespaces came or went: anything may have changed. */
  readonly unsure: boolean;
  /** Links, addresses, routes or settings. */
  readonly wires: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
}

export class Monitor {
  readonly #site: Site;
  readonly #inside: { readonly route: EventSocket; readonly tables: EventSocket; readonly numbers: NetlinkSocket };
  readonly #host: { readonly route: EventSocket; readonly tables: EventSocket };
  readonly #mounts = new MountEvents();
  /** Asked apart from the other, for whether there may be namespaces that have no number yet. */
  readonly #places = new MountEvents();
  #unnumbered = true;
  /** What has been given a number. */
  #mounted: ReadonlyMap<string, string> = new Map();
  readonly #names = new Map<number, string>();
  #nextNumber = 1;
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

  /**
   * Listens to the namespaces that the bottle has now, and on the host to what concerns these resources. Gives whether
   * namespaces came or went.
   */
  follow(resources: readonly Resource[]): boolean {
    this.#concern = concernOf(resources);
    if (this.#places.changed()) this.#unnumbered = true;
    if (!this.#unnumbered) return false;
    const before = this.#mounted;
    const mounted = mountedNamespaces(this.#site);
    const fresh = [...mounted].filter(([name, root]) => this.#mounted.get(name) !== root).map(([name]) => name);
    for (let at = 0; at < fresh.length; at += AT_ONCE) this.#number(fresh.slice(at, at + AT_ONCE));
    this.#mounted = mounted;
    this.#unnumbered = false;
    return !isDeepStrictEqual(before, mounted);
  }

  #number(names: readonly string[]): void {
    const { numbers } = this.#inside;
    const descriptors: number[] = [];
    try {
      for (const name of names) {
        const descriptor = openSync(pathOf(this.#site, name), 'r');
        descriptors.push(descriptor);
        this.#names.set(this.#nextNumber, name);
        numberNamespace(numbers, descriptor, this.#nextNumber++, name);
      }
      throwFirst(numbers.flush(), ['EEXIST']);
    } finally {
      descriptors.forEach(closeSync);
    }
  }

  told(): Told {
    const [wires, tables] = [new Set<string>(), new Set<string>()];
    let unsure = false;
    const note = (into: Set<string>, number: number | undefined): void => {
      // Of the sockets' own namespace, in which nothing is, there is nothing to tell.
      if (number === undefined) return;
      const name = this.#names.get(number);
      if (name === undefined) unsure = true;
      else if (this.#mounted.has(name)) into.add(name);
    };
    const complete = [
      this.#inside.route.drain((_message, number) => note(wires, number)),
      this.#inside.tables.drain((message, number) => {
        if (tellsOfTables(message)) note(tables, number);
      }),
      this.#host.route.drain((message) => {
        if (routeConcerns(message, this.#concern)) wires.add(HOST);
      }),
      this.#host.tables.drain((message) => {
        if (tableConcerns(message, this.#concern)) tables.add(HOST);
      }),
    ];
    return { unsure: unsure || complete.includes(false) || this.#remounted(), wires, tables };
  }

  /** Hosts mount and unmount all the time; most of it is none of the bottle's business. */
  #remounted(): boolean {
    if (!this.#mounts.changed()) return false;
    return !isDeepStrictEqual(mountedNamespaces(this.#site), this.#mounted);
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
