/** Turns what is seen into a capture file, in the order of time, block by block. */
import { interfaceDescription, interfaceStatistics, packet } from './pcapng.ts';
import type { CapturePoint, Seen } from './taps.ts';

export interface RecorderOptions {
  /** Bytes of a frame that are kept. */
  readonly snapLength: number;
  /** The expression, for the file. */
  readonly filter: string | undefined;
  /** How many packets are enough. */
  readonly limit: number;
}

export interface Blocks {
  readonly bytes: Buffer;
  /** The packets in them. */
  readonly packets: readonly Seen[];
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #start = now();
  /** Seen, but perhaps something earlier is yet to be read from another socket. */
  #held: readonly Seen[] = [];
  #written = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Packets that are in the file. */
  get written(): number {
    return this.#written;
  }

  get isFull(): boolean {
    return this.#written >= this.#options.limit;
  }

  describe(points: readonly CapturePoint[]): Buffer {
    return Buffer.concat(points.map((point) => interfaceDescription(point, this.#options.snapLength, this.#options.filter)));
  }

  /** What was seen before `until`, nanoseconds since 1970; all of it where that is not given. */
  record(seen: readonly Seen[], until?: bigint): Blocks {
    const all = [...this.#held, ...seen].sort((one, other) => (one.frame.time < other.frame.time ? -1 : 1));
    const ready = until === undefined ? all : all.filter(({ frame }) => frame.time < until);
    this.#held = all.slice(ready.length);
    const kept = ready.slice(0, this.#options.limit - this.#written);
    this.#written += kept.length;
    return { bytes: Buffer.concat(kept.map(({ at, frame }) => packet(at, frame))), packets: kept };
  }

  /** What a file ends with. */
  close(counts: readonly { readonly received: number; readonly dropped: number }[]): Buffer {
    const [start, end] = [this.#start, now()];
    return Buffer.concat(counts.map(({ received, dropped }, at) => interfaceStatistics(at, { start, end, received, dropped })));
  }
}

/** Nanoseconds since 1970, to the last millisecond that is over. */
export const now = (): bigint => BigInt(Date.now()) * 1_000_000n;
