/** Notices what others change of a running bottle, and repairs it, until told to stop or the bottle is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Monitor } from '../../backend/kernel/monitor.ts';
import type { Context } from '../context.ts';
import { inTurn, WATCH } from '../exclusive.ts';
import { areAllOnHost, changedSwitches, marksOfSwitches, notesOf, wrongInside, wrongOnHost } from '../quiet-changes.ts';
import { running } from '../running.ts';
import { type Due, dueAfter, EVERYTHING, isNothing, joined } from './due.ts';
import { type Known, look, NOTHING_KNOWN, readyOf, type WatchEvent, type Watched } from './look.ts';
import { Pace } from './pace.ts';

/** Milliseconds between two looks at what the kernel told, and how long to wait for more of the same. */
const TICK = 25;
const SETTLING = 50;
/** Milliseconds between two looks at what nobody tells of. */
const QUIET_INTERVAL = 500;

/** @throws EngineError `not-running` */
export async function watch(context: Context, bottle: string, tell: (event: WatchEvent) => void): Promise<void> {
  running(context.home, bottle);
  const { home, signal } = context;
  const monitor = new Monitor({ home, bottle });
  // What has begun is brought to its end: half a repair would be undone.
  const watched: Watched = { context: { ...context, signal: new AbortController().signal }, bottle, tell, monitor, pace: new Pace() };
  const happenings = new Happenings(watched, signal);
  try {
    let known = NOTHING_KNOWN;
    let due: Due = EVERYTHING;
    tell({ event: 'watching' });
    for (;;) {
      const looked = await inTurn(home, bottle, WATCH, signal, () => look(watched, known, due));
      if (looked === undefined) break;
      known = looked.known;
      if (looked.next === undefined) due = await happenings.wait(known);
      else {
        due = looked.next.due;
        await sleep(looked.next.pause, undefined, { signal });
      }
    }
    tell({ event: 'gone' });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    monitor.close();
  }
}

class Happenings {
  readonly #watched: Watched;
  readonly #signal: AbortSignal;
  /** When to look at what nobody tells of: also while there is much to be heard. */
  #quietAt = 0;

  constructor(watched: Watched, signal: AbortSignal) {
    this.#watched = watched;
    this.#signal = signal;
  }

  /** Until the kernel tells of a change, one is found that it does not tell of, or something has waited long enough. */
  async wait(known: Known): Promise<Due> {
    const { monitor, pace } = this.#watched;
    for (;;) {
      await sleep(TICK, undefined, { signal: this.#signal });
      const told = dueAfter(monitor.told());
      if (!isNothing(told)) {
        await sleep(SETTLING, undefined, { signal: this.#signal });
        return joined([told, dueAfter(monitor.told()), await this.#quietChanges(known)]);
      }
      const due = joined([...readyOf(pace, known), await this.#quietChanges(known)]);
      if (!isNothing(due)) return due;
    }
  }

  async #quietChanges({ notes, quiet, files, switches }: Known): Promise<Due> {
    const { home } = this.#watched.context;
    const { bottle } = this.#watched;
    if (performance.now() < this.#quietAt) return joined([]);
    this.#quietAt = performance.now() + QUIET_INTERVAL;
    if (notes !== notesOf(home, bottle)) return EVERYTHING;
    const onHost = joined([wrongOnHost(home, bottle, quiet, files), changedSwitches(switches, await marksOfSwitches(home, bottle, quiet))]);
    if (areAllOnHost(quiet)) return onHost;
    // Whoever was at work while this one waited may have taken namespaces away, and what is known of them does not hold any more.
    const inside = async (): Promise<Due> => (notes === notesOf(home, bottle) ? wrongInside(home, bottle, quiet) : EVERYTHING);
    return joined([onHost, await inTurn(home, bottle, WATCH, this.#signal, inside)]);
  }
}
