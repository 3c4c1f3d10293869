/** Which changes of a plan hang on which: what was lost with its cable comes back with the cable. */
import type { Change } from '../../plan/plan.ts';
import { kindOf } from '../../resource/kinds.ts';

const needed = ({ after }: Change): readonly string[] => (after === undefined ? [] : kindOf(after).requires(after));

/** What is there for others only once the change has been made. */
const given = ({ action, after }: Change): readonly string[] =>
  after === undefined || action === 'update' ? [] : kindOf(after).provides(after);

/** The changes, in the order of a plan, that hang on no other. */
export function rootsOf(changes: readonly Change[]): readonly Change[] {
  const coming = new Set(changes.flatMap(given));
  return changes.filter((change) => !needed(change).some((key) => coming.has(key)));
}

/** The changes without those that are left out, and what hangs on them. */
export function without(changes: readonly Change[], isLeft: (identity: string) => boolean): readonly Change[] {
  const missing = new Set<string>();
  return changes.filter((change) => {
    const left = isLeft(change.identity) || needed(change).some((key) => missing.has(key));
    if (left) for (const key of given(change)) missing.add(key);
    return !left;
  });
}
