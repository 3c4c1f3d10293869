/**
 * The long form of the judge: `npm run judge -- [NETWORKS] [--seed FIRST] [--packets A-NETWORK] [--jobs PROCESSES] [--whole]`. Fails when
 * kernel, evaluator and sets disagree. A process spends much of its time waiting, so two of them are faster on one core too.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    packets: { type: 'string', default: '100' },
    jobs: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
  },
});
const count = Number(positionals[0] ?? 200);
const firstSeed = Number(values.seed);
const jobs = Math.min(Number(values.jobs), count);

interface Sum {
  readonly networks: number;
  readonly packets: number;
  readonly outcomes: readonly (readonly [string, number])[];
  readonly disagreements: number;
}

async function alone(): Promise<Sum> {
  const { networks, packets, outcomes, disagreements } = await campaign({
    count,
    firstSeed,
    limit: Number(values.packets),
    whole: values.whole,
    report: (line) => process.stdout.write(`${line}\n`),
  });
  return { networks, packets, outcomes: [...outcomes], disagreements: disagreements.length };
}

/** A stretch of the seeds, in a process of its own. */
async function job(index: number): Promise<Sum> {
  const [first, end] = [index, index + 1].map((part) => Math.floor((count * part) / jobs)) as [number, number];
  const words = ['--seed', String(firstSeed + first), '--packets', values.packets, ...(values.whole ? ['--whole'] : [])];
  const child = fork(import.meta.filename, [String(end - first), ...words]);
  const ended = once(child, 'exit');
  const sum = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  await ended;
  if (sum === undefined) throw new Error(`the process for seeds from ${firstSeed + first} ended early`);
  return sum[0] as Sum;
}

const isParent = process.send === undefined;
if (isParent) execFileSync(join(import.meta.dirname, '..', '..', 'bottle'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
const sums = jobs > 1 ? await Promise.all(Array.from({ length: jobs }, (_, index) => job(index))) : [await alone()];
const total = (of: (sum: Sum) => number): number => sums.reduce((all, sum) => all + of(sum), 0);
if (isParent) {
  const kinds = [...new Set(sums.flatMap(({ outcomes }) => outcomes.map(([kind]) => kind)))];
  const times = kinds.map((kind) => `${total(({ outcomes }) => new Map(outcomes).get(kind) ?? 0)} ${kind}`).join(', ');
  const [networks, packets, disagreements] = [total((sum) => sum.networks), total((sum) => sum.packets), total((sum) => sum.disagreements)];
  process.stdout.write(`${networks} networks, ${packets} packets (${times}), ${disagreements} networks with a disagreement\n`);
  if (disagreements > 0) process.exitCode = 1;
} else {
  for (const sum of sums) process.send?.(sum);
  process.disconnect();
}
