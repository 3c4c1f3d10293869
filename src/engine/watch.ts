/** Notices what others change of a running bottle, and repairs it, until told to stop or the bottle is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../backend/home.ts';
import { Monitor } from '../backend/kernel/monitor.ts';
import type { Change } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { EngineError, messageOf } from './error.ts';
import { inTurn, WATCH } from './exclusive.ts';
import { type Fight, Pace } from './pace.ts';
import { areAllOnHost, hostSettingsWrong, notesOf, type Quiet, quietIn, settingsInsideWrong } from './quiet-changes.ts';
import { recoverLocked } from './recover.ts';
import { type Ended, endedIn, type Found, findBroken, repair, rulesOf } from './repair.ts';
import { running } from './running.ts';
import { readState, type State } from './state.ts';

/** Milliseconds between two looks at what the kernel told, and how long to wait for more of the same. */
const TICK = 25;
const SETTLING = 50;
/** Milliseconds between two looks at what nobody tells of. */
const QUIET_INTERVAL = 500;

export type WatchEvent =
  | { readonly event: 'watching' }
  /** `milliseconds` from noticing until it was as before. */
  | { readonly event: 'repaired'; readonly changes: readonly Change[]; readonly milliseconds: number }
  | { readonly event: 'failed'; readonly error: EngineError; readonly pause: number }
  | ({ readonly event: 'backing-off' } & Fight)
  | { readonly event: 'gone' };

interface Watched {
  readonly context: Context;
  readonly bottle: string;
  readonly tell: (event: WatchEvent) => void;
  readonly monitor: Monitor;
  readonly pace: Pace;
}

/** What is known since the last look. */
interface Known {
  readonly notes: string;
  readonly quiet: Quiet;
  readonly ended: Ended;
}

interface Looked {
  readonly known: Known;
  /** Milliseconds to wait before the next look, which then comes by itself; undefined waits for something to happen. */
  readonly pause?: number;
}

/** @throws EngineError `not-running` */
export async function watch(context: Context, bottle: string, tell: (event: WatchEvent) => void): Promise<void> {
  running(context.home, bottle);
  const { home, signal } = context;
  const monitor = new Monitor({ home, bottle });
  // What has begun is brought to its end: half a repair would be undone.
  const watched: Watched = { context: { ...context, signal: new AbortController().signal }, bottle, tell, monitor, pace: new Pace() };
  try {
    let known: Known = { notes: '', quiet: [], ended: new Set() };
    tell({ event: 'watching' });
    for (;;) {
      const looked = await inTurn(home, bottle, WATCH, signal, () => look(watched, known));
      if (looked === undefined) break;
      known = looked.known;
      if (looked.pause === undefined) await somethingHappens(watched, known, signal);
      else await sleep(looked.pause, undefined, { signal });
    }
    tell({ event: 'gone' });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    monitor.close();
  }
}

/** One look at everything, with the lock held. Undefined when the bottle is gone. */
async function look(watched: Watched, before: Known): Promise<Looked | undefined> {
  const { context, bottle, monitor, tell, pace } = watched;
  const since = performance.now();
  try {
    await recoverLocked(context, bottle);
    const state = readState(context.home, bottle);
    if (state === undefined) return undefined;
    // First, so that nothing happens unheard between listening and reading.
    monitor.follow(state.resources);
    const ended = await endedIn(context, bottle, before.ended);
    const known = { notes: notesOf(context.home, bottle), quiet: quietIn(state.resources), ended };
    const found = await findBroken(context, state, ended);
    const { changes } = found.plan;
    if (changes.length === 0) return { known };
    await repairOrRules(watched, state, found);
    const now = performance.now();
    tell({ event: 'repaired', changes, milliseconds: now - since });
    const fight = pace.repaired(
      changes.map(({ identity }) => identity),
      now,
    );
    if (fight !== undefined) tell({ event: 'backing-off', ...fight });
    // Whether it holds is looked at once more, and what was made anew is heard from then on.
    return { known, pause: fight?.pause ?? 0 };
  } catch (error) {
    const pause = pace.failed();
    tell({ event: 'failed', error: asEngineError(error), pause });
    return { known: { ...before, notes: notesOf(context.home, bottle) }, pause };
  }
}

async function repairOrRules({ context, tell }: Watched, state: State, found: Found): Promise<void> {
  try {
    await repair(context, state, found);
  } catch (error) {
    const rules = rulesOf(found);
    if (rules !== undefined) {
      const since = performance.now();
      await repair(context, state, rules);
      tell({ event: 'repaired', changes: rules.plan.changes, milliseconds: performance.now() - since });
    }
    throw error;
  }
}

const asEngineError = (error: unknown): EngineError =>
  error instanceof EngineError ? error : new EngineError('internal', messageOf(error), { cause: error });

/** Until the kernel tells of a change, or one is found that it does not tell of. */
async function somethingHappens({ context: { home }, bottle, monitor }: Watched, known: Known, signal: AbortSignal): Promise<void> {
  for (let ticks = 1; ; ticks++) {
    await sleep(TICK, undefined, { signal });
    if (monitor.heard()) break;
    if (ticks % (QUIET_INTERVAL / TICK) === 0 && (await quietlyChanged(home, bottle, known, signal))) return;
  }
  await sleep(SETTLING, undefined, { signal });
  monitor.heard();
}

async function quietlyChanged(home: Home, bottle: string, { notes, quiet }: Known, signal: AbortSignal): Promise<boolean> {
  if (notes !== notesOf(home, bottle) || hostSettingsWrong(quiet)) return true;
  if (areAllOnHost(quiet)) return false;
  return await inTurn(home, bottle, WATCH, signal, async () => settingsInsideWrong(home, bottle, quiet));
}
