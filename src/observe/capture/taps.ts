/** Packet sockets on the devices of a bottle, which may come and go while it is listened to them. */
import { mountedNamespaces } from '../../backend/kernel/namespaces.ts';
import { type Frame, PacketSocket } from '../../backend/kernel/packet-socket.ts';
import { SystemError } from '../../backend/kernel/system-error.ts';
import { enter, type Site } from '../../backend/kernel/visit.ts';
import { HOST } from '../../resource/resource.ts';
import type { CapturedInterface } from './pcapng.ts';

/** A device that is listened to. */
export interface Tap {
  /** `web/dmz`; of a port of a switch `dmz/web`. */
  readonly name: string;
  readonly namespace: string;
  readonly device: string;
  /** Whether only what comes in by it counts. */
  readonly ignoreOutgoing: boolean;
  /** The VLAN whose frames count, 0 for those without a tag; all of them where it is not given. */
  readonly vlan?: number;
}

/** What is one interface in the capture. */
export interface CapturePoint extends CapturedInterface {
  /** One, but for a switch: there it is each port. */
  readonly taps: readonly Tap[];
}

/** A frame, and which point it was seen at: its number, as points were first followed. */
export interface Seen {
  readonly at: number;
  readonly frame: Frame;
}

interface Followed {
  readonly point: CapturePoint;
  readonly open: Map<string, { readonly socket: PacketSocket; readonly root: string; readonly vlan: number | undefined }>;
  /** Of taps that are closed. */
  readonly counted: { received: number; dropped: number };
}

export interface TapOptions {
  readonly filter?: Uint8Array;
  /** Bytes of a frame that are kept. */
  readonly snapLength: number;
}

/** Bytes that wait in the kernel, of all taps together and of one. */
const BUFFERS = 64 << 20;
const LEAST_BUFFER = 1 << 18;
const LARGEST_BUFFER = 8 << 20;

/** Frames of one tap before it is another's turn. */
const AT_ONCE = 512;

const keyOf = ({ namespace, device }: Tap): string => `${namespace}/${device}`;

export class Taps {
  readonly #site: Site;
  readonly #options: TapOptions;
  readonly #followed: Followed[] = [];
  #points: readonly CapturePoint[] = [];

  constructor(site: Site, options: TapOptions) {
    this.#site = site;
    this.#options = options;
  }

  /** Listens to these points and no others. Gives those that it did not know, whose numbers follow those of the others. */
  follow(points: readonly CapturePoint[]): readonly CapturePoint[] {
    this.#points = points;
    const known = new Set(this.#followed.map(({ point }) => point.name));
    const fresh = points.filter(({ name }) => !known.has(name));
    this.#followed.push(...fresh.map((point) => ({ point, open: new Map(), counted: { received: 0, dropped: 0 } })));
    return fresh;
  }

  /** Closes what is gone: a socket would keep the namespace that it is in. Gives whether there is something to `open`. */
  release(): boolean {
    const mounted = mountedNamespaces(this.#site);
    let isMissing = false;
    for (const [followed, taps] of this.#wanted()) {
      for (const [key, { root }] of followed.open) {
        const tap = taps.get(key);
        if (tap === undefined || rootOf(tap, mounted) !== root) close(followed, key);
      }
      isMissing ||= [...taps].some(([key, tap]) => !followed.open.has(key) && rootOf(tap, mounted) !== undefined);
    }
    return isMissing;
  }

  /** Opens what can be opened. It enters namespaces, and who takes one away ends whom it meets inside. */
  open(): void {
    const mounted = mountedNamespaces(this.#site);
    const size = Math.floor(BUFFERS / Math.max(1, this.#points.flatMap(({ taps }) => taps).length));
    const buffer = Math.min(LARGEST_BUFFER, Math.max(LEAST_BUFFER, size));
    for (const [followed, taps] of this.#wanted()) {
      for (const [key, tap] of taps) {
        const root = rootOf(tap, mounted);
        if (root === undefined || followed.open.has(key)) continue;
        const socket = this.#open(tap, buffer);
        if (socket !== undefined) followed.open.set(key, { socket, root, vlan: tap.vlan });
      }
    }
  }

  #wanted(): readonly (readonly [Followed, ReadonlyMap<string, Tap>])[] {
    const wanted = new Map(this.#points.map(({ name, taps }) => [name, new Map(taps.map((tap) => [keyOf(tap), tap]))]));
    return this.#followed.map((followed) => [followed, wanted.get(followed.point.name) ?? new Map<string, Tap>()]);
  }

  #open({ namespace, device, ignoreOutgoing }: Tap, buffer: number): PacketSocket | undefined {
    const { filter } = this.#options;
    try {
      return enter(
        this.#site,
        namespace,
        () => new PacketSocket({ device, ignoreOutgoing, buffer, ...(filter === undefined ? {} : { filter }) }),
      );
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  /** Names of the taps that are wanted, and whether each is open. */
  state(): ReadonlyMap<string, boolean> {
    return new Map(this.#wanted().flatMap(([{ open }, taps]) => [...taps].map(([key, { name }]) => [name, open.has(key)] as const)));
  }

  /** What was seen since the last time, a part of it where it is much. `more`: there is more to be had at once; `gone`: a device went. */
  read(): { readonly seen: readonly Seen[]; readonly more: boolean; readonly gone: boolean } {
    const seen: Seen[] = [];
    let [more, gone] = [false, false];
    for (const [at, followed] of this.#followed.entries()) {
      for (const [key, { socket, vlan }] of followed.open) {
        const frames = socket.read(this.#options.snapLength, AT_ONCE);
        if (frames === undefined) {
          close(followed, key);
          gone = true;
        } else {
          more ||= frames.length >= AT_ONCE;
          for (const frame of frames) if (vlan === undefined || frame.vlan === vlan) seen.push({ at, frame });
        }
      }
    }
    return { seen, more, gone };
  }

  /** Lets nothing more in. What was seen before can still be read. */
  shut(): void {
    for (const { open } of this.#followed) for (const { socket } of open.values()) socket.shut();
  }

  /** By the numbers of the points. */
  statistics(): readonly { readonly point: CapturePoint; readonly received: number; readonly dropped: number }[] {
    return this.#followed.map(({ point, open, counted }) => {
      const all = [counted, ...[...open.values()].map(({ socket }) => socket.statistics())];
      return {
        point,
        received: all.reduce((sum, { received }) => sum + received, 0),
        dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
      };
    });
  }

  close(): void {
    for (const followed of this.#followed) for (const key of followed.open.keys()) close(followed, key);
  }
}

/** What tells one namespace from a later one of the same name; undefined where there is none. */
const rootOf = ({ namespace }: Tap, mounted: ReadonlyMap<string, string>): string | undefined =>
  namespace === HOST ? HOST : mounted.get(namespace);

function close(followed: Followed, key: string): void {
  const tap = followed.open.get(key);
  if (tap === undefined) return;
  const { received, dropped } = tap.socket.statistics();
  followed.counted.received += received;
  followed.counted.dropped += dropped;
  tap.socket.close();
  followed.open.delete(key);
}

/** The namespace, or the device in it, is gone or down. */
const isAway = (error: unknown): boolean =>
  error instanceof SystemError
    ? ['ENODEV', 'ENETDOWN', 'ENXIO', 'EINVAL'].includes(error.code)
    : (error as NodeJS.ErrnoException).code === 'ENOENT';
