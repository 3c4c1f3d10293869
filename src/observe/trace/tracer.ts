/**
 * Makes packets tell of themselves in many namespaces at once, and hears what they tell.
 *
 * One socket, in a namespace that nobody else knows and in which the others have numbers, hears all of them: so what it hears
 * is in the order in which it happened, wherever that was. The tables that switch tracing on belong to the process: the
 * kernel removes them when it ends, however it ends; all but that of the host, which the next command removes.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { inScratch } from '../../backend/kernel/namespace.ts';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { type EventSocket, openTraceEvents } from '../../backend/kernel/netlink/events.ts';
import { numberNamespace } from '../../backend/kernel/netlink/nsid.ts';
import { NETLINK_ROUTE, NetlinkSocket, withSocket } from '../../backend/kernel/netlink/socket.ts';
import { enter, pathOf, type Site, throwFirst } from '../../backend/kernel/visit.ts';
import { type NftSession, openNft } from '../../backend/nftables/libnftables.ts';
import { tableText } from '../../backend/nftables/print-table.ts';
import { traceMark } from '../../backend/nftables/trace-marks.ts';
import { traceIn } from '../../backend/nftables/trace-message.ts';
import { HOST } from '../../resource/resource.ts';
import { enlargeBuffer } from '../probe/buffer.ts';
import type { PlacedEvent } from './run.ts';
import type { Selection } from './selection.ts';
import { frameTable, packetTable, SWITCH, type Tracing } from './trace-table.ts';

/** Names of its tables begin like this. */
const PREFIX = 'netbottle-trace-';
export const isTracing = (table: string): boolean => table.startsWith(PREFIX);

export interface Armed {
  readonly namespace: string;
  /** Whether it has addresses. */
  readonly addressed: boolean;
  /** Whether connections are tracked there. */
  readonly tracked: boolean;
  /** Whether it has bridges. */
  readonly bridging: boolean;
}

/** A network device of a namespace. */
interface Named {
  readonly name: string;
  /** The bridge that it is a port of. */
  readonly master?: string;
}

interface Place {
  readonly session: NftSession;
  readonly devices: ReadonlyMap<number, Named>;
  /** Of its tables. */
  readonly families: readonly string[];
}

export interface TracerOptions {
  readonly site: Site;
  readonly selections: readonly Selection[];
  /** Packets a second in each namespace. */
  readonly rate: number;
}

export class Tracer {
  readonly #site: Site;
  readonly #tracing: Tracing;
  readonly #events: EventSocket;
  readonly #numbers: NetlinkSocket;
  readonly #names: string[] = [];
  readonly #places = new Map<string, Place>();

  constructor({ site, selections, rate }: TracerOptions) {
    this.#site = site;
    this.#tracing = { name: `${PREFIX}${randomBytes(4).toString('hex')}`, selections, rate };
    [this.#events, this.#numbers] = inScratch(() => [openTraceEvents(), new NetlinkSocket(NETLINK_ROUTE)] as const);
    enlargeBuffer(this.#events.fd, 'receive');
  }

  /** From here on packets are traced in the namespace; one transaction. */
  arm({ namespace, addressed, tracked, bridging }: Armed): void {
    this.#number(namespace);
    const tables = [
      ...(addressed ? [packetTable(namespace, this.#tracing, tracked)] : []),
      ...(bridging ? [frameTable(namespace, this.#tracing)] : []),
    ];
    if (tables.length === 0) return;
    const mark = traceMark(this.#site.bottle);
    enter(this.#site, namespace, () => {
      const session = openNft();
      try {
        session.run(tables.map((table) => tableText(table, mark, namespace !== HOST)).join('\n'));
      } catch (error) {
        session.close();
        throw error;
      }
      this.#places.set(namespace, { session, devices: devicesHere(), families: tables.map(({ family }) => family) });
    });
  }

  /** The socket knows namespaces by numbers, which begin with 0. */
  #number(namespace: string): void {
    const descriptor = openSync(namespace === HOST ? '/proc/self/ns/net' : pathOf(this.#site, namespace), 'r');
    try {
      numberNamespace(this.#numbers, descriptor, this.#names.length, namespace);
      throwFirst(this.#numbers.flush());
      this.#names.push(namespace);
    } finally {
      closeSync(descriptor);
    }
  }

  deviceAt(namespace: string, index: number): Named | undefined {
    return this.#places.get(namespace)?.devices.get(index);
  }

  /** What was told since the last time, in its order. False where more was told than the kernel keeps. */
  drain(visit: (event: PlacedEvent) => void): boolean {
    return this.#events.drain((message, number) => {
      const namespace = number === undefined ? undefined : this.#names[number];
      const event = namespace === undefined ? undefined : traceIn(message);
      if (namespace !== undefined && event !== undefined) visit({ ...event, namespace });
    });
  }

  /** How many packets were not traced because there were too many at once; each counts wherever it came by. */
  skipped(): number {
    let skipped = 0;
    for (const { session, families } of this.#places.values()) {
      for (const family of families) {
        // As text: of a table with `flags owner`, nft 1.0.6 prints JSON that it has freed before.
        const listed = session.run(`list chain ${family} ${this.#tracing.name} ${SWITCH}`);
        const [matched = 0, traced = 0] = [...listed.matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
        skipped += matched - traced;
      }
    }
    return skipped;
  }

  close(): void {
    for (const [namespace, { session, families }] of this.#places) {
      if (namespace === HOST) session.run(families.map((family) => `delete table ${family} ${this.#tracing.name}`).join('\n'));
      session.close();
    }
    this.#places.clear();
    this.#events.close();
    this.#numbers.close();
  }
}

function devicesHere(): ReadonlyMap<number, Named> {
  const found = withSocket((socket) => devices(socket));
  const names = new Map(found.map(({ index, name }) => [index, name]));
  return new Map(
    found.map(({ index, name, master }) => {
      const bridge = names.get(master);
      return [index, bridge === undefined ? { name } : { name, master: bridge }];
    }),
  );
}
