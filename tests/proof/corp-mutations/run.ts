/** The long form: `npm run mutate:corp -- [STEP] [--first N] [--packets N] [--file NAME]`, every STEP-th change from the N-th on. Fails when one that packets notice is not noticed. */
import { parseArgs } from 'node:util';
import { campaign, files } from './campaign.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    first: { type: 'string', default: '0' },
    packets: { type: 'string', default: '600' },
    file: { type: 'string', multiple: true },
  },
});
const isFile = (name: string): name is keyof typeof files => name in files;
const [step, first] = [Number(positionals[0] ?? 1), Number(values.first)];
for (const name of (values.file ?? Object.keys(files)).filter(isFile)) {
  const { mutants, counts, missed } = await campaign(name, {
    which: (_, place) => place % step === first,
    packets: Number(values.packets),
    report: (line) => process.stdout.write(`${line}\n`),
  });
  const seconds = Math.round(process.cpuUsage().user / 1e6);
  process.stdout.write(
    `${name}: ${mutants} changes, ${missed.length} that packets notice and sets do not; ${seconds} s of processor time so far\n`,
  );
  for (const [kind, findings] of counts)
    process.stdout.write(`  ${kind}: ${[...findings].map(([finding, times]) => `${times} ${finding}`).join(', ')}\n`);
  if (missed.length > 0) process.exitCode = 1;
}
