/** Putting right what others changed of a running bottle, for who holds its lock. */
import { readKeeper } from '../backend/process/keeper-client.ts';
import type { Taken } from '../plan/backend.ts';
import { diff } from '../plan/diff.ts';
import { type Part, resourcesIn } from '../plan/part.ts';
import type { Plan } from '../plan/plan.ts';
import { identityOf, type Resource } from '../resource/kinds.ts';
import { applyUntilStopped, carryOut, checkNames } from './change/change.ts';
import { sever } from './change/sever.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { preflight } from './preflight/preflight.ts';
import { endJournal, readState, type State, writeJournal } from './state.ts';
import { placed } from './up.ts';

/** Processes, by identity, that came to their end and are not to be started again. */
export type Ended = ReadonlySet<string>;

/** What has ended and is not to be started again. Of what the keeper knows nothing, because the one before was killed, it is what was known `before`. */
export async function endedIn({ home }: Context, bottle: string, before: Ended): Promise<Ended> {
  const kept = (await readKeeper(home, bottle))?.resources ?? [];
  const known = new Map(kept.map(({ resource, state }) => [identityOf(resource), state]));
  const now = [...known].flatMap(([identity, state]) => (state === 'exited' || state === 'failed' ? [identity] : []));
  return new Set([...now, ...[...before].filter((identity) => !known.has(identity))]);
}

export interface Found {
  readonly plan: Plan;
  readonly there: readonly Resource[];
  readonly taken: readonly Taken[];
}

/** What is not as it was last applied. What `ended` by itself is no concern of ours. */
export async function findBroken(context: Context, { bottle, resources }: State, ended: Ended): Promise<Found> {
  const { resources: all, taken } = await observe(context, bottle, resources);
  const concerns = (resource: Resource): boolean => !ended.has(identityOf(resource));
  const there = all.filter(concerns);
  return { plan: diff(bottle, resources.filter(concerns), there, resources), there, taken };
}

/** The same of a part of it, for who knows that the rest has not changed. */
export async function findBrokenIn(context: Context, { bottle, resources }: State, part: Part): Promise<Found> {
  const wanted = resourcesIn(part, context.backends, resources);
  const { resources: there, taken } = await observe(context, bottle, wanted, part);
  return { plan: diff(bottle, wanted, there, resources), there, taken };
}

/** @throws EngineError as `up` does; then all is as it was found. */
export async function repair(context: Context, state: State, { plan, there, taken }: Found): Promise<void> {
  checkNames(plan, taken);
  preflight(context.home, plan, there);
  await carryOut(context, plan, { before: placed(there, state.resources), after: state.resources }, () => undefined);
  endJournal(context.home, state.bottle);
}

/** Puts right what was found in a part. When it throws, some of it has been done, and it is for a `repair` of everything to go on. */
export async function repairIn(context: Context, { bottle, resources }: State, part: Part, { plan, there, taken }: Found): Promise<void> {
  checkNames(plan, taken);
  preflight(context.home, plan, resources);
  writeJournal(context.home, bottle, { operation: 'repair', pid: process.pid, before: [] });
  await applyUntilStopped(context, plan);
  const others = resources.filter(({ kind }) => kind !== 'table');
  const rules = resourcesIn(part, context.backends, resources).filter(({ kind }) => kind === 'table');
  sever(context, bottle, { before: [...others, ...there], after: [...others, ...rules] });
  endJournal(context.home, bottle);
}

/** Of a repair that was killed. What it had not come to may by now be anything. */
export async function finishRepair(context: Context, bottle: string): Promise<void> {
  const state = readState(context.home, bottle);
  if (state !== undefined) {
    const found = await findBroken(context, state, await endedIn(context, bottle, new Set()));
    if (found.plan.changes.length > 0) await repair(context, state, found);
  }
  endJournal(context.home, bottle);
}
