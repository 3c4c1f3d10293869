/** The long form of the mutation test: `npm run mutate -- [COUNT] [FIRST-SEED]`. Fails when a file does what none may do. */
import { campaign } from './campaign.ts';

const count = Number(process.argv[2] ?? 10_000);
const firstSeed = Number(process.argv[3] ?? 1);
const { judged, slowest, bad } = await campaign(count, firstSeed, (done) => {
  if (done % 1000 === 0) process.stderr.write(`${done} of ${count}\n`);
});
for (const { seed, text, findings } of bad.slice(0, 20)) {
  process.stdout.write(`seed ${seed}:\n${findings.join('\n')}\n${JSON.stringify(text)}\n\n`);
}
process.stdout.write(`${judged} files judged, ${bad.length} bad; the slowest took ${Math.round(slowest)} ms\n`);
if (bad.length > 0) process.exitCode = 1;
