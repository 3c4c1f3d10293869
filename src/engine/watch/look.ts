/** One look of a watch at a bottle, or a part of it, and the repair of what it finds. */
import type { Monitor } from '../../backend/kernel/monitor.ts';
import { type Part, partOf } from '../../plan/part.ts';
import type { Change } from '../../plan/plan.ts';
import { HOST } from '../../resource/resource.ts';
import type { Context } from '../context.ts';
import { EngineError, messageOf } from '../error.ts';
import { changedSwitches, marksOfFiles, marksOfSwitches, notesOf, type Quiet, quietIn } from '../quiet-changes.ts';
import { recoverLocked } from '../recover.ts';
import { type Ended, endedIn, type Found, findBroken, findBrokenIn, repair, repairIn } from '../repair.ts';
import { readState, type State } from '../state.ts';
import { type Due, dueAfter, dueFor, EVERYTHING, joined } from './due.ts';
import type { Fight, Pace } from './pace.ts';
import { rootsOf, without } from './roots.ts';

export type WatchEvent =
  | { readonly event: 'watching' }
  /** `milliseconds` from noticing until it was as before. */
  | { readonly event: 'repaired'; readonly changes: readonly Change[]; readonly milliseconds: number }
  | { readonly event: 'failed'; readonly error: EngineError; readonly pause: number }
  | ({ readonly event: 'backing-off' } & Fight)
  | { readonly event: 'gone' };

export interface Watched {
  readonly context: Context;
  readonly bottle: string;
  readonly tell: (event: WatchEvent) => void;
  readonly monitor: Monitor;
  readonly pace: Pace;
}

/** What is known since the last look. */
export interface Known {
  readonly notes: string;
  readonly state: State | undefined;
  readonly quiet: Quiet;
  readonly files: string;
  /** Marks of its Open vSwitches, by namespace. */
  readonly switches: ReadonlyMap<string, string>;
  readonly ended: Ended;
  /** What is broken and has to wait, by identity, and where to look then. */
  readonly waiting: ReadonlyMap<string, Due>;
  /** Identities of what the last look has put right, and which has to be so still. */
  readonly mended: ReadonlySet<string>;
}

export const NOTHING_KNOWN: Known = {
  notes: '',
  state: undefined,
  quiet: { settings: [], names: [], files: [], switches: [] },
  files: '',
  switches: new Map(),
  ended: new Set(),
  waiting: new Map(),
  mended: new Set(),
};

export interface Looked {
  readonly known: Known;
  /** What to look at next, whatever happens, and in how many milliseconds. */
  readonly next?: { readonly due: Due; readonly pause: number };
}

/** With the lock held. Undefined when the bottle is gone. */
export async function look(watched: Watched, before: Known, asked: Due): Promise<Looked | undefined> {
  const { context, bottle, monitor, tell, pace } = watched;
  const since = performance.now();
  try {
    await recoverLocked(context, bottle);
    const known = await learn(context, bottle, before);
    const { state } = known;
    if (state === undefined) return undefined;
    const told = dueAfter(monitor.told());
    // Before reading, so that nothing happens unheard between reading and listening.
    const moved = monitor.follow(state.resources);
    const due = joined([
      asked,
      told,
      ...readyOf(pace, before),
      ...(known.files === before.files ? [] : [partOf('files', [HOST])]),
      changedSwitches(before.switches, known.switches),
      ...(moved || known.notes !== before.notes ? ([EVERYTHING] as const) : []),
    ]);
    return due === EVERYTHING ? await lookAtAll(watched, state, known, since) : await lookAt(watched, state, known, due, since);
  } catch (error) {
    const pause = pace.failed([bottle], performance.now());
    tell({ event: 'failed', error: asEngineError(error), pause });
    return { known: { ...NOTHING_KNOWN, ended: before.ended }, next: { due: EVERYTHING, pause } };
  }
}

const asEngineError = (error: unknown): EngineError =>
  error instanceof EngineError ? error : new EngineError('internal', messageOf(error), { cause: error });

/** Notes are read again only when they have changed: those of a thousand machines take their time. */
async function learn({ home }: Context, bottle: string, before: Known): Promise<Known> {
  const notes = notesOf(home, bottle);
  const state = notes === before.notes ? before.state : readState(home, bottle);
  const quiet = state === before.state ? before.quiet : quietIn(state?.resources ?? []);
  return {
    ...before,
    notes,
    state,
    quiet,
    files: marksOfFiles(home, bottle, quiet),
    switches: await marksOfSwitches(home, bottle, quiet),
  };
}

/** Where something has waited long enough. */
export const readyOf = (pace: Pace, { waiting }: Known): readonly Due[] =>
  [...waiting].flatMap(([identity, due]) => (isHeld(pace, identity) ? [] : [due]));

const isHeld = (pace: Pace, identity: string): boolean => pace.from(identity) > performance.now();

async function lookAtAll(watched: Watched, state: State, before: Known, since: number): Promise<Looked> {
  const { context, bottle, pace } = watched;
  const known = { ...before, ended: await endedIn(context, bottle, before.ended), waiting: new Map(), mended: new Set<string>() };
  const found = await findBroken(context, state, known.ended);
  const changes = without(found.plan.changes, (identity) => isHeld(pace, identity));
  const mended =
    changes.length === 0 ? [] : await mendAll(watched, state, known.ended, { ...found, plan: { ...found.plan, changes } }, since);
  return looked(watched, known, found.plan.changes, mended);
}

async function lookAt(watched: Watched, state: State, before: Known, part: Part, since: number): Promise<Looked> {
  const { context, pace } = watched;
  const known = {
    ...before,
    waiting: new Map([...before.waiting].filter(([identity]) => isHeld(pace, identity))),
    mended: new Set<string>(),
  };
  const found = await findBrokenIn(context, state, part);
  const changes = without(found.plan.changes, (identity) => isHeld(pace, identity));
  if (changes.length > 0) {
    // What did not hold may have its cause elsewhere.
    if (rootsOf(changes).some(({ identity }) => before.mended.has(identity))) return await lookAtAll(watched, state, known, since);
    try {
      await repairIn(context, state, part, { ...found, plan: { ...found.plan, changes } });
    } catch {
      // The whole look finds the same, and more; what cannot be repaired is said then.
      return await lookAtAll(watched, state, known, since);
    }
    tellRepaired(watched, changes, since);
  }
  return looked(watched, known, found.plan.changes, changes, part);
}

/** What was found and is held has to wait; whether the rest holds is looked at once more, and what was made anew is heard from then on. */
function looked(
  { context: { backends }, pace }: Watched,
  known: Known,
  found: readonly Change[],
  mended: readonly Change[],
  part?: Part,
): Looked {
  const held = found.filter(({ identity }) => isHeld(pace, identity));
  const waiting = new Map([...known.waiting, ...held.map((change) => [change.identity, dueFor([change], backends)] as const)]);
  const after = { ...known, waiting, mended: new Set(rootsOf(mended).map(({ identity }) => identity)) };
  return mended.length === 0 ? { known: after } : { known: after, next: { due: part ?? dueFor(mended, backends), pause: 0 } };
}

function tellRepaired({ tell, pace }: Watched, changes: readonly Change[], since: number): void {
  const now = performance.now();
  tell({ event: 'repaired', changes, milliseconds: now - since });
  const fights = pace.repaired(
    rootsOf(changes).map(({ identity }) => identity),
    now,
  );
  for (const fight of fights) tell({ event: 'backing-off', ...fight });
}

/**
 * Repairs all that can be, and gives it. One thing that cannot, say because the interface that a network is joined with is
 * gone, keeps nothing else from being repaired: then one half is tried, and the other.
 */
async function mendAll(watched: Watched, state: State, ended: Ended, found: Found, since: number): Promise<readonly Change[]> {
  const { context, tell, pace } = watched;
  const { changes } = found.plan;
  try {
    await repair(context, state, found);
    tellRepaired(watched, changes, since);
    return changes;
  } catch (error) {
    const roots = rootsOf(changes).map(({ identity }) => identity);
    if (roots.length <= 1) {
      tell({ event: 'failed', error: asEngineError(error), pause: pace.failed(roots, performance.now()) });
      return [];
    }
    const middle = roots.length >> 1;
    const mended: Change[] = [];
    for (const half of [roots.slice(0, middle), roots.slice(middle)]) {
      const again = await findBroken(context, state, ended);
      const others = new Set(rootsOf(again.plan.changes).flatMap(({ identity }) => (half.includes(identity) ? [] : [identity])));
      const rest = without(again.plan.changes, (identity) => others.has(identity));
      if (rest.length > 0)
        mended.push(...(await mendAll(watched, state, ended, { ...again, plan: { ...again.plan, changes: rest } }, since)));
    }
    return mended;
  }
}
