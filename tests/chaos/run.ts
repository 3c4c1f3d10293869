/**
 * The long forms: `npm run chaos -- [PLACES] [SEED]` kills commands over corp, `npm run faults -- [FOLDER...]` fails
 * every change of every example, or of those in the folders. They end with a line of figures, and with exit code 1 when something was wrong.
 */
import { changed, examples } from './examples.ts';
import { failChange, failUp, type Left } from './faults.ts';
import { killAt, type Wrong } from './kills.ts';
import { type Subject, withExample, withSmall } from './subject.ts';

const [, , what = 'kills', places = '100', seed = '1'] = process.argv;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress =
  (subject: string) =>
  (done: number, total = Number(places)) => {
    if (done % 10 === 0 || done === total) process.stderr.write(`${subject}: ${done} of ${total}\n`);
  };

async function kills(): Promise<number> {
  const found: Wrong[] = [];
  for (const over of ['up', 'down', 'change'] as const) {
    const wrong = await withExample('corp', 'bottle.yaml', changed, (subject) =>
      killAt(subject, over, Number(places), Number(seed), progress(`killed during ${over}`)),
    );
    for (const { what, place, findings } of wrong) say(`${what}, ${JSON.stringify(place)}:\n${findings.join('\n')}\n`);
    found.push(...wrong);
  }
  say(`killed at ${places} places over up, ${places} over down, ${places} over a change: ${found.length} times not right afterwards`);
  return found.length;
}

async function faults(): Promise<number> {
  let tried = 0;
  const found: Left[] = [];
  const all = async (title: string, subject: Subject): Promise<void> => {
    for (const [over, fail] of [
      ['up', failUp],
      ['change', failChange],
    ] as const) {
      let count = 0;
      const report = (done: number, total: number): void => {
        count = total;
        progress(`${title}, ${over}`)(done, total);
      };
      const left = await fail(subject, { report });
      tried += count;
      for (const { step, findings } of left) say(`${title}, ${over}, failed before change ${step}:\n${findings.join('\n')}\n`);
      found.push(...left);
    }
  };
  const chosen = process.argv.slice(3);
  if (chosen.length === 0) await withSmall((subject) => all('small', subject));
  for (const { folder, file } of examples().filter(({ folder }) => chosen.length === 0 || chosen.includes(folder)))
    await withExample(folder, file, changed, (subject) => all(`${folder}/${file}`, subject));
  say(`failed before each of ${tried} changes: ${found.length} times not as before`);
  return found.length;
}

process.exitCode = (await (what === 'faults' ? faults() : kills())) === 0 ? 0 : 1;
