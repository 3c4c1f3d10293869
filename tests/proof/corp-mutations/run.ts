/** The long form: `npm run mutate:corp -- [STEP] [--packets N]`, every STEP-th change. Fails when one that packets notice is not noticed. */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { packets: { type: 'string', default: '600' } } });
for (const example of ['router-lab', 'corp']) {
  const { mutants, counts, missed } = await campaign(example, {
    step: Number(positionals[0] ?? 1),
    first: 0,
    packets: Number(values.packets),
    report: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${example}: ${mutants} changes, ${missed.length} that packets notice and sets do not\n`);
  for (const [kind, findings] of counts)
    process.stdout.write(`  ${kind}: ${[...findings].map(([finding, times]) => `${times} ${finding}`).join(', ')}\n`);
  if (missed.length > 0) process.exitCode = 1;
}
