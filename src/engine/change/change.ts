/** Taking a host from what it holds to what it shall hold, and back when that fails. */
import { apply, type Progress } from '../../plan/apply.ts';
import type { Observed, Taken } from '../../plan/backend.ts';
import { diff } from '../../plan/diff.ts';
import type { Plan } from '../../plan/plan.ts';
import { kindOf, type Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import type { Context } from '../context.ts';
import { EngineError, messageOf } from '../error.ts';
import { observe } from '../observe.ts';
import { endJournal, readJournal, type State, writeJournal } from '../state.ts';
import { sever } from './sever.ts';

/** What is there, and what has to change for `desired`. Settings that were wanted before are looked for as well. */
export async function planFor(
  context: Context,
  bottle: string,
  desired: readonly Resource[],
  state: State | undefined,
): Promise<{ readonly plan: Plan; readonly observed: Observed }> {
  context.report({ kind: 'phase', phase: 'reading', bottle });
  const observed = await observe(context, bottle, [...desired, ...(state?.resources ?? [])]);
  return { plan: diff(bottle, desired, observed.resources, state?.resources), observed };
}

/** @throws EngineError when somebody else has a name that the plan needs. */
export function checkNames(plan: Plan, taken: readonly Taken[]): void {
  const owners = new Map(taken.map(({ key, by }) => [key, by]));
  const details = plan.changes.flatMap(({ action, identity, after }) => {
    if (after === undefined || action === 'update') return [];
    const key = [identity, ...kindOf(after).provides(after)].find((wanted) => owners.has(wanted));
    return key === undefined ? [] : [`${key.slice(key.indexOf(':') + 1).replace(`${HOST}/`, '')} is ${owners.get(key)}`];
  });
  if (details.length === 0) return;
  throw new EngineError('name-taken', `${plan.bottle} needs ${details.length === 1 ? 'a name that is' : 'names that are'} taken`, {
    details,
    remedy: 'Rename what has the name, or the network or bottle in the file. Nothing was changed.',
  });
}

/** Stops between two runs of changes when the command is told to stop. */
export async function applyUntilStopped(context: Context, plan: Plan): Promise<void> {
  const report = (progress: Progress): void => {
    context.signal.throwIfAborted();
    context.report({ kind: 'progress', progress });
  };
  await apply(plan, context.backends, report, context.fault);
}

interface Passage {
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

/** Does what the plan says, and notes it. If that fails, the host holds what it held before, and the journal is closed. */
export async function carryOut(context: Context, plan: Plan, { before, after }: Passage, note: () => void): Promise<void> {
  const { home } = context;
  // An older journal tells what was there before the command that was killed; that is where an undo has to lead.
  const earlier = readJournal(home, plan.bottle);
  const target = earlier === undefined || earlier.operation === 'repair' ? before : earlier.before;
  writeJournal(home, plan.bottle, { operation: 'up', pid: process.pid, before: target });
  try {
    await applyUntilStopped(context, plan);
    context.signal.throwIfAborted();
    sever(context, plan.bottle, { before: target, after });
    note();
  } catch (error) {
    await undo(context, plan.bottle, target, error);
    throw failure(context, plan, error);
  }
}

function failure(context: Context, plan: Plan, error: unknown): EngineError {
  if (context.signal.aborted) return new EngineError('interrupted', `${plan.bottle} was left as it was before`, { cause: error });
  return new EngineError('apply-failed', `${plan.bottle} could not be changed; it was left as it was before`, {
    details: [messageOf(error)],
    cause: error,
  });
}

/** Without what had lost its namespace before already: it cannot be put back. */
function whole(resources: readonly Resource[]): readonly Resource[] {
  const namespaces = new Set(resources.flatMap((resource) => (resource.kind === 'namespace' ? kindOf(resource).provides(resource) : [])));
  return resources.filter((resource) =>
    kindOf(resource)
      .requires(resource)
      .every((key) => !key.startsWith('namespace:') || namespaces.has(key)),
  );
}

/** Back to what was there, from whatever is there now. */
export async function undo(context: Context, bottle: string, before: readonly Resource[], cause: unknown): Promise<void> {
  context.report({ kind: 'phase', phase: 'undoing', bottle });
  try {
    const { resources } = await observe(context, bottle, before);
    await apply(diff(bottle, whole(before), resources), context.backends, (progress) => context.report({ kind: 'progress', progress }));
    endJournal(context.home, bottle);
  } catch (error) {
    throw new EngineError('undo-failed', `${bottle} could not be changed, and not all of it could be put back`, {
      details: [messageOf(cause), messageOf(error)],
      remedy: '`bottle up` goes on from what is there; `bottle down` removes all of it.',
      cause: error,
    });
  }
}
