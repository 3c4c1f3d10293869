/**
 * Raises, changes and removes a star of N machines with Netbottle and with its peers, in one run and by turns, and prints
 * how long it took.
 *
 *     npm run bench -- [--quick] [--sizes 100,300] [--repeat 5] [--no-mininet] [--write]
 *
 * `--quick` is one repetition with 100 machines. `--write` puts the figures into docs/performance.md and draws
 * docs/performance.svg. Needs root.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bare } from './bare.ts';
import type { Contender, Figures } from './contender.ts';
import { type Machine, machineFacts } from './machine.ts';
import { mininet, mininetLacks } from './mininet.ts';
import { netbottle } from './netbottle.ts';
import { figuresText, writePage } from './page.ts';
import { median, type Result } from './result.ts';
import { plotOf } from './star-plot.ts';
import { isolate } from './surroundings.ts';
import { wholeNumber } from './whole-number.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    repeat: { type: 'string' },
    'no-mininet': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const sizes = (options.sizes ?? (options.quick ? '100' : '100,300,1000,3000')).split(',').map(wholeNumber);
const repeat = wholeNumber(options.repeat ?? (options.quick ? '1' : '5'));

/** Mininet takes minutes for what the others do in seconds. */
const mininetRepeats = (size: number): number => Math.min(repeat, size <= 100 ? 3 : size <= 300 ? 2 : 1);

function contenders(): readonly Contender[] {
  if (options['no-mininet']) return [netbottle, bare];
  const lack = mininetLacks();
  if (lack === undefined) return [netbottle, bare, mininet];
  console.error(`without Mininet: ${lack} is not installed`);
  return [netbottle, bare];
}

let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});

/** One size: every contender once, then every contender again. */
async function compete(all: readonly Contender[], size: number): Promise<readonly Result[]> {
  const runs = new Map<Contender, Figures[]>();
  for (let round = 0; round < repeat; round++) {
    for (const contender of all.filter((one) => size <= one.most && (one !== mininet || round < mininetRepeats(size)))) {
      if (interrupted) throw new Error('interrupted');
      const figures = await contender.measure(size);
      runs.set(contender, [...(runs.get(contender) ?? []), figures]);
      const said = Object.entries(figures).map(([phase, { seconds }]) => `${phase} ${seconds.toFixed(2)} s`);
      console.error(`${size} machines, round ${round + 1}, ${contender.name}: ${said.join(', ')} (load ${loadavg()[0]?.toFixed(1)})`);
    }
  }
  return [...runs].map(([contender, figures]) => ({ contender: contender.name, size, runs: figures.length, figures: median(figures) }));
}

if (process.getuid?.() !== 0) throw new Error('the benchmark makes namespaces as root does: run it as root');
isolate();
// A measurement of an old build would be worse than none.
execFileSync(join(import.meta.dirname, '..', 'bottle'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });

const machine: Machine = machineFacts();
const all = contenders();
const results: Result[] = [];
for (const size of sizes) results.push(...(await compete(all, size)));
const text = figuresText(
  results,
  machine,
  ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
);
console.log(text);
if (options.write) writePage(text, plotOf(results));
