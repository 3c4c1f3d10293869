/** Follows real packets through a bottle, each from where it is first seen to where it ends. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathOf, type Site } from '../../backend/kernel/visit.ts';
import { sweepTraces } from '../../backend/nftables/trace-marks.ts';
import { fabricOf } from '../../compile/placement.ts';
import { type Journey, JourneyAssembly } from '../../observe/trace/journey.ts';
import { Live } from '../../observe/trace/live.ts';
import { RunAssembly } from '../../observe/trace/run.ts';
import { Tracer } from '../../observe/trace/tracer.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { HOST } from '../../resource/resource.ts';
import type { Context } from '../context.ts';
import { type Asked, explain } from '../explain/explain.ts';
import type { Running } from '../running.ts';
import { matchingAll, matchingExchange } from './matching.ts';
import { passable } from './passable.ts';
import type { Seen } from './seen.ts';
import { seenOf } from './way.ts';

export interface Following {
  /** Which exchange; all packets of the bottle's networks unless given. */
  readonly asked?: Asked;
  /** Ends after so many packets. */
  readonly count?: number;
  /** Ends after so many milliseconds. */
  readonly duration?: number;
  readonly tell: (event: FollowEvent) => void;
}

export type FollowEvent =
  /** From now on everything is seen. */
  | { readonly event: 'following' }
  | { readonly event: 'packet'; readonly time: Date; readonly seen: Seen }
  /** More was told than can be heard, or there were `skipped` packets more than are traced. */
  | { readonly event: 'incomplete'; readonly skipped: number };

/** Packets a second in each namespace: each of them is told of some ten times wherever it comes by. */
const RATE = 200;
/** Milliseconds between two looks at what was told. */
const INTERVAL = 20;
/** Milliseconds after which nothing more is heard of a packet. */
const SILENCE = 200;
/** Milliseconds between two looks at what was not traced, and at whether the bottle is still there. */
const CHECK = 1000;

interface Underway {
  readonly since: Date;
  heard: number;
}

/** Until the signal, the count or the duration. Gives whether all that happened was seen. */
export async function followTraffic(context: Context, { network, state }: Running, following: Following): Promise<boolean> {
  const { asked, count = Number.POSITIVE_INFINITY, duration = Number.POSITIVE_INFINITY, tell } = following;
  const site: Site = { home: context.home, bottle: network.name };
  sweepTraces(network.name, 'killed');
  const model = modelOf(state.resources);
  const selections =
    asked === undefined ? matchingAll(network) : explain(network, state.file, state.resources, asked).flatMap(matchingExchange);
  const tracer = new Tracer({ site, selections, rate: RATE });
  const [runs, paths, underway] = [new RunAssembly(), new JourneyAssembly(), new Map<Journey, Underway>()];
  let [complete, told, skipped] = [true, 0, 0];
  const lose = (more: number): void => {
    complete = false;
    tell({ event: 'incomplete', skipped: more });
  };
  const hear = (): void => {
    const all = tracer.drain((event) => {
      const run = runs.add(event);
      if (run === undefined) return;
      const journey = paths.add(run);
      const known = underway.get(journey) ?? { since: new Date(), heard: 0 };
      known.heard = performance.now();
      underway.set(journey, known);
    });
    if (!all) lose(0);
  };
  try {
    const everywhere = new Set([...model.stations.keys()].filter((namespace) => namespace !== HOST));
    for (const armed of passable(model, everywhere)) tracer.arm(armed);
    tell({ event: 'following' });
    const start = performance.now();
    for (let checked = start; !context.signal.aborted && told < count && performance.now() - start < duration; ) {
      await pause(context.signal);
      hear();
      const live = new Live(site);
      for (const [journey, { since, heard }] of underway) {
        if (performance.now() - heard < SILENCE || told >= count) continue;
        underway.delete(journey);
        told += 1;
        tell({ event: 'packet', time: since, seen: heeded(seenOf(journey, { model, live, tracer })) });
      }
      if (performance.now() - checked < CHECK) continue;
      checked = performance.now();
      if (!existsSync(pathOf(site, fabricOf(network.name)))) break;
      const now = tracer.skipped();
      if (now > skipped) lose(now - skipped);
      skipped = now;
    }
    return complete;
  } finally {
    tracer.close();
  }
}

/** Whoever waits for the answer to a datagram listens for nobody else, and does not show. */
function heeded(seen: Seen): Seen {
  const { ending } = seen;
  return ending.kind === 'delivered' && ending.listener === 'nobody' && seen.packet.tcpFlags === undefined
    ? { ...seen, ending: { ...ending, listener: 'asker' } }
    : seen;
}

/** Not as long when it is told to stop. */
async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(INTERVAL, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
