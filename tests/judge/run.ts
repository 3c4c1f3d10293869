/** The long form of the judge: `npm run judge -- [NETWORKS] [--seed FIRST] [--packets A-NETWORK]`. Fails when kernel and evaluator disagree. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, packets: { type: 'string', default: '100' } },
});
execFileSync(join(import.meta.dirname, '..', '..', 'bottle'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
const { networks, packets, outcomes, disagreements } = await campaign({
  count: Number(positionals[0] ?? 200),
  firstSeed: Number(values.seed),
  limit: Number(values.packets),
  report: (line) => process.stdout.write(`${line}\n`),
});
const kinds = [...outcomes].map(([kind, times]) => `${times} ${kind}`).join(', ');
process.stdout.write(`${networks} networks, ${packets} packets (${kinds}), ${disagreements.length} networks with a disagreement\n`);
if (disagreements.length > 0) process.exitCode = 1;
