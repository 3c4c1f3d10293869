/** Packets as they pass the devices of a running bottle, until it is enough. */
import { release } from 'node:os';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { MountEvents } from '../../backend/kernel/mounts.ts';
import { hostsOf } from '../../network/hosts.ts';
import { nameResolution, sectionHeader } from '../../observe/capture/pcapng.ts';
import { now, Recorder } from '../../observe/capture/recorder.ts';
import { type CapturePoint, Taps } from '../../observe/capture/taps.ts';
import type { Context } from '../context.ts';
import { CAPTURE, ifFree } from '../exclusive.ts';
import { notesOf } from '../quiet-changes.ts';
import { type Running, running } from '../running.ts';
import { readState } from '../state.ts';
import { filterProgram, withAddresses } from './filter.ts';
import { capturePoints } from './points.ts';

export interface CaptureRequest {
  readonly bottle: string;
  /** `web`, `web/dmz`, `dmz`, `host`. */
  readonly where: readonly string[];
  /** Networks and links: each end for itself. */
  readonly ports: boolean;
  /** An expression of pcap-filter(7). */
  readonly filter?: string;
  /** Packets that are enough. */
  readonly count?: number;
  /** Seconds that are enough. */
  readonly duration?: number;
  /** Bytes of each packet that are kept. */
  readonly snapLength: number;
  /** `netbottle 1.2.3`: who writes the file. */
  readonly application: string;
}

interface SeenAt {
  readonly point: string;
  readonly direction: 'in' | 'out';
}

export interface CaptureOutput {
  /** Whole blocks of pcapng, and where each packet in them was seen. False once nobody reads any more. */
  write(blocks: Buffer, packets: readonly SeenAt[]): Promise<boolean>;
  /** Whether somebody still reads, so far as can be told without writing. */
  isRead?(): boolean;
  /** Told of points before there are packets of them. */
  follow?(points: readonly string[]): void;
}

export interface Captured {
  /** Packets in the file. */
  readonly packets: number;
  /** By point: what was seen there, and what of that was lost because it was read too slowly. */
  readonly points: readonly { readonly point: string; readonly received: number; readonly lost: number }[];
}

/** Milliseconds between two looks at sockets in which nothing was, and at devices that are not there. */
const TICK = 10;
const AWAY_INTERVAL = 250;

/** @throws EngineError `not-running`, `no-machine`, `usage`, `host-lacks` */
export async function capture(context: Context, request: CaptureRequest, output: CaptureOutput): Promise<Captured> {
  const { home, signal } = context;
  const { bottle, snapLength } = request;
  const site = { home, bottle };
  const first = running(home, bottle);
  const points = pointsOf(first, request);
  const filter = request.filter === undefined ? undefined : filterProgram(first.network, request.filter, snapLength);
  const taps = new Taps(site, { snapLength, ...(filter === undefined ? {} : { filter }) });
  const mounts = new MountEvents();
  try {
    const session = new Session(context, request, taps, output, mounts);
    taps.follow(points);
    taps.open();
    session.begin(first, points);
    const end = request.duration === undefined ? Number.POSITIVE_INFINITY : performance.now() + request.duration * 1000;
    for (;;) {
      if (signal.aborted || performance.now() >= end || !session.lookAround()) {
        taps.shut();
        while ((await session.pass(true)) && !session.isOver);
        break;
      }
      const more = await session.pass(false);
      if (session.isOver) break;
      await (more ? nextTurn() : pause(Math.min(TICK, end - performance.now()), signal));
    }
    return await session.finish();
  } finally {
    taps.close();
    mounts.close();
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.max(1, milliseconds), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const pointsOf = ({ network, state }: Running, { where, ports }: CaptureRequest): readonly CapturePoint[] =>
  capturePoints(network, state.resources, where, ports);

class Session {
  readonly #context: Context;
  readonly #request: CaptureRequest;
  readonly #taps: Taps;
  readonly #output: CaptureOutput;
  readonly #mounts: MountEvents;
  readonly #recorder: Recorder;
  #notes = '';
  #awayAt = 0;
  #names: string[] = [];
  #state: ReadonlyMap<string, boolean> = new Map();
  #pending: Buffer[] = [];
  #isRead = true;

  constructor(context: Context, request: CaptureRequest, taps: Taps, output: CaptureOutput, mounts: MountEvents) {
    [this.#context, this.#request, this.#taps, this.#output, this.#mounts] = [context, request, taps, output, mounts];
    const { snapLength, filter, count = Number.POSITIVE_INFINITY } = request;
    this.#recorder = new Recorder({ snapLength, filter, limit: count });
  }

  get isOver(): boolean {
    this.#isRead &&= this.#output.isRead?.() ?? true;
    return !this.#isRead || this.#recorder.isFull;
  }

  begin({ network, state }: Running, points: readonly CapturePoint[]): void {
    const { bottle, filter, where, application } = this.#request;
    this.#notes = notesOf(this.#context.home, bottle);
    const expression = filter === undefined ? '' : `, filter ${withAddresses(network, filter)}`;
    this.#pending = [
      sectionHeader({
        comment: `bottle ${bottle}, ${state.source}: ${where.join(' ')}${expression}`,
        os: `Linux ${release()}`,
        application,
      }),
      this.#recorder.describe(points),
      nameResolution(hostsOf(network)),
    ];
    this.#names = points.map(({ name }) => name);
    this.#output.follow?.(this.#names);
    this.#note(`capturing ${few(this.#names)}`);
    this.#state = this.#taps.state();
    const away = this.#away;
    if (away.length > 0) this.#note(`${few(away)} ${away.length === 1 ? 'is' : 'are'} not there; captured as soon as it comes`);
  }

  get #away(): readonly string[] {
    return [...this.#state].filter(([, isOpen]) => !isOpen).map(([name]) => name);
  }

  /** Follows what comes and goes; false once the bottle is gone. */
  lookAround(): boolean {
    const { home } = this.#context;
    const { bottle } = this.#request;
    const notes = notesOf(home, bottle);
    const isOther = notes !== this.#notes;
    const isDue = performance.now() >= this.#awayAt && this.#away.length > 0;
    if (!isOther && !isDue && !this.#mounts.changed()) return true;
    if (isOther && readState(home, bottle) === undefined) {
      this.#note('is gone; there is nothing left to capture');
      return false;
    }
    if (isOther) this.#follow(pointsOf(running(home, bottle), this.#request));
    this.#notes = notes;
    this.#awayAt = performance.now() + AWAY_INTERVAL;
    // Whoever is at work on the bottle takes namespaces away, and whom it meets inside with them.
    if (this.#taps.release()) ifFree(home, bottle, CAPTURE, () => this.#taps.open());
    this.#tell();
    return true;
  }

  #follow(points: readonly CapturePoint[]): void {
    const fresh = this.#taps.follow(points);
    this.#pending.push(this.#recorder.describe(fresh));
    this.#names.push(...fresh.map(({ name }) => name));
    this.#output.follow?.(this.#names);
  }

  #tell(): void {
    const state = this.#taps.state();
    const gone = [...this.#state].filter(([name, wasOpen]) => wasOpen && state.get(name) !== true).map(([name]) => name);
    const come = [...state].filter(([name, isOpen]) => isOpen && this.#state.get(name) !== true).map(([name]) => name);
    this.#state = state;
    if (gone.length > 0) this.#note(`${few(gone)} went away`);
    if (come.length > 0) this.#note(`${few(come)} came, and ${come.length === 1 ? 'is' : 'are'} captured`);
  }

  /** Reads what has come and hands it on; gives whether there is more at once. */
  async pass(isLast: boolean): Promise<boolean> {
    const begun = now();
    const { seen, more, gone } = this.#taps.read();
    const { bytes, packets } = this.#recorder.record(seen, isLast && !more ? undefined : begun);
    if (gone) this.#tell();
    const blocks = [...this.#pending, ...(bytes.length > 0 ? [bytes] : [])];
    this.#pending = [];
    if (blocks.length > 0 && this.#isRead)
      this.#isRead = await this.#output.write(
        Buffer.concat(blocks),
        packets.map(({ at, frame }) => ({ point: this.#names[at] ?? '', direction: frame.type === 'outgoing' ? 'out' : 'in' })),
      );
    return more;
  }

  async finish(): Promise<Captured> {
    const counts = this.#taps.statistics();
    if (this.#isRead) await this.#output.write(this.#recorder.close(counts), []);
    const points = counts.map(({ point, received, dropped }) => ({ point: point.name, received, lost: dropped }));
    const lost = points.filter((one) => one.lost > 0).map((one) => `${one.lost} at ${one.point}`);
    const packets = this.#recorder.written;
    this.#note(`${packets} packet${packets === 1 ? '' : 's'} captured`);
    if (lost.length > 0) this.#note(`INCOMPLETE: packets came faster than they were read, and were lost: ${few(lost)}`);
    return { packets, points };
  }

  #note(message: string): void {
    this.#context.report({ kind: 'note', message: `${this.#request.bottle}: ${message}` });
  }
}

/** Names in a line. */
const MOST = 8;

const few = (names: readonly string[]): string =>
  names.length <= MOST ? names.join(', ') || 'nothing yet' : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`;
