import { stepCount } from '../../src/plan/apply.ts';
import { diff } from '../../src/plan/diff.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Subject } from './subject.ts';

/** How many steps it takes to get to the file from what is there. */
export async function stepsTo({ bottle, name }: Subject, file: string): Promise<number> {
  const { stdout, stderr } = await bottle(['plan', file, '-o', 'json']);
  if (stdout === '') throw new Error(stderr);
  return stepCount({ ...(JSON.parse(stdout) as Pick<Plan, 'changes'>), bottle: name, unchanged: 0 });
}

/** How many it takes to remove what `up` of the file makes, where nothing of it is there yet. */
export async function stepsDown({ bottle, name }: Subject, file: string): Promise<number> {
  const { changes } = JSON.parse((await bottle(['plan', file, '-o', 'json'])).stdout) as Pick<Plan, 'changes'>;
  return stepCount(
    diff(
      name,
      [],
      changes.flatMap(({ after }) => after ?? []),
    ),
  );
}

/** `count` numbers from 0 to `total - 1`, spread evenly, the first and the last among them. */
export const spread = (count: number, total: number): readonly number[] =>
  count >= total
    ? Array.from({ length: total }, (_, i) => i)
    : Array.from({ length: count }, (_, i) => Math.round((i * (total - 1)) / (count - 1)));
