/** The long form: `npm run solver -- [--formulas N] [--rulesets N] [--seed N]`. */
import { parseArgs } from 'node:util';
import { tryFormulas, tryRulesets } from './campaign.ts';
import { withZ3 } from './z3.ts';

const { values } = parseArgs({
  options: {
    formulas: { type: 'string', default: '10000' },
    rulesets: { type: 'string', default: '500' },
    seed: { type: 'string', default: '4' },
  },
});
const seed = Number(values.seed);
const progress = (what: string, every: number) => (done: number) => {
  if (done % every === 0) process.stderr.write(`${done} ${what}\n`);
};

await withZ3(async (solver) => {
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  await tryFormulas(solver, { count: Number(values.formulas), seed, report: progress('formulas', 1000) });
  process.stdout.write(`${values.formulas} formulas: sets and Z3 agree (${seconds()})\n`);
  await tryRulesets(solver, { count: Number(values.rulesets), seed, report: progress('rulesets', 100) });
  process.stdout.write(`${values.rulesets} rulesets: sets and Z3 agree (${seconds()})\n`);
});
