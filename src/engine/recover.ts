import { undo } from './change/change.ts';
import type { Context } from './context.ts';
import { remove } from './down.ts';
import { exclusively } from './exclusive.ts';
import { leaveNothing } from './leave-nothing.ts';
import { finishRepair } from './repair.ts';
import { readJournal, readState } from './state.ts';

/**
 * Brings a bottle whose last command was killed to where that command was going, or back to where it came from:
 * an `up` is undone, a `down` or a repair finished. `up` and `down` themselves need none of it: they go on from what is there.
 */
export async function recover(context: Context, bottle: string): Promise<void> {
  if (readJournal(context.home, bottle) === undefined) return;
  await exclusively(context.home, bottle, 'recover', () => recoverLocked(context, bottle));
}

/** The same for who holds the bottle's lock. */
export async function recoverLocked(context: Context, bottle: string): Promise<void> {
  // Whoever had the lock until now may have come to its end.
  const journal = readJournal(context.home, bottle);
  if (journal === undefined) return;
  context.report({ kind: 'phase', phase: 'recovering', bottle });
  if (journal.operation === 'down') return void (await remove({ ...context, agree: async () => true }, bottle));
  if (journal.operation === 'repair') return await finishRepair(context, bottle);
  await undo(context, bottle, journal.before, 'the command before this one was killed');
  if (readState(context.home, bottle) === undefined) await leaveNothing(context.home, bottle);
}
