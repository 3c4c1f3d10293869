import { sweepTraces } from '../backend/nftables/trace-marks.ts';
import { diff } from '../plan/diff.ts';
import type { Plan } from '../plan/plan.ts';
import { applyUntilStopped } from './change/change.ts';
import type { Context } from './context.ts';
import { EngineError, messageOf } from './error.ts';
import { exclusively } from './exclusive.ts';
import { leaveNothing } from './leave-nothing.ts';
import { observe } from './observe.ts';
import { bottlesIn, readState, type State, writeJournal } from './state.ts';

/**
 * Takes away everything that bears the bottle's mark; needs neither the file nor the notes.
 * Undefined when there is no such bottle.
 *
 * It is not undone when it fails: what is left is what the next `down` has to take away.
 */
export async function down(context: Context, bottle: string): Promise<Plan | undefined> {
  return exclusively(context.home, bottle, 'down', () => remove(context, bottle));
}

/** The same for who holds the bottle's lock. */
export async function remove(context: Context, bottle: string): Promise<Plan | undefined> {
  sweepTraces(bottle, 'all');
  const state = stateIfReadable(context, bottle);
  context.report({ kind: 'phase', phase: 'reading', bottle });
  const { resources } = await observe(context, bottle, state?.resources ?? []);
  if (resources.length === 0 && !bottlesIn(context.home).includes(bottle)) return undefined;
  const plan = diff(bottle, [], resources, state?.resources);
  if (plan.changes.length > 0 && !(await context.agree(plan)))
    throw new EngineError('declined', `${bottle} was not removed`, { remedy: 'Answer `y`, or give `--yes`.' });
  noteIfPossible(context, bottle);
  try {
    await applyUntilStopped(context, plan);
  } catch (error) {
    throw new EngineError(context.signal.aborted ? 'interrupted' : 'apply-failed', `${bottle} is not wholly gone`, {
      details: [messageOf(error)],
      remedy: 'Run `bottle down` again.',
      cause: error,
    });
  }
  await leaveNothing(context.home, bottle);
  return plan;
}

/** On a full disk the way to make room may be to remove something; a `down` that is killed is finished by the next anyhow. */
function noteIfPossible(context: Context, bottle: string): void {
  try {
    writeJournal(context.home, bottle, { operation: 'down', pid: process.pid, before: [] });
  } catch (error) {
    context.report({ kind: 'note', message: `the journal cannot be written: ${messageOf(error)}` });
  }
}

/** Damaged notes are no reason to leave a bottle standing. */
function stateIfReadable(context: Context, bottle: string): State | undefined {
  try {
    return readState(context.home, bottle);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    context.report({ kind: 'note', message: error.message });
    return undefined;
  }
}
