import { absentOf } from '../../backend/process/absent.ts';
import type { Plan } from '../../plan/plan.ts';
import { isRoutingDaemon } from '../../resource/process.ts';

/** One line for each process that is to start, and could not. */
export function unstartable({ changes }: Plan): readonly string[] {
  const coming = changes.flatMap(({ after }) => (after?.kind === 'process' && !isRoutingDaemon(after) ? [after] : []));
  return absentOf(coming).flatMap((absent, index) => {
    const one = coming[index];
    if (absent === undefined || one === undefined) return [];
    return [`${one.machine}/${one.name} cannot be started: ${absent}\n  Install it, write its whole path, or correct the command.`];
  });
}
