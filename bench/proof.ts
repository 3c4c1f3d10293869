/**
 * How fast the proof is: `npm run bench:proof -- [--sizes 1000x20x600,10000x100x6000] [--networks 50] [--repeat 3] [--write]`.
 *
 * Each size is machines x routers x lines of policy, in both families, every tenth access network behind source NAT; each run is
 * a process of its own. `--write` puts the figures and the plot into docs.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { machineFacts } from './machine.ts';
import { table, writeFigures, writePlot } from './page.ts';
import { type Curve, plotted } from './plot.ts';
import type { ProofFigures, Taken } from './proof-measure.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '300x10x200,1000x20x600,3000x50x1800,10000x100x6000' },
    networks: { type: 'string', default: '50' },
    repeat: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});

/** As the program is bundled, but for being one file. */
async function bundled(): Promise<string> {
  const root = join(import.meta.dirname, '..');
  const outfile = join(root, 'node_modules', '.cache', 'bench-proof', 'measure.mjs');
  const options = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  } as const;
  await build({ ...options, absWorkingDir: root, entryPoints: ['bench/proof-measure.ts'], outfile });
  return outfile;
}

/** The run whose matrix took the processor least: others use the machine too. */
function measure(program: string, size: string): ProofFigures {
  const runs = Array.from({ length: wholeNumber(values.repeat) }, () => {
    const said = execFileSync(process.execPath, [program, size, values.networks], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const figures = JSON.parse(said) as ProofFigures;
    console.error(`${size}: matrix ${figures.matrix.seconds.toFixed(2)} s, of the processor ${figures.matrix.cpu.toFixed(2)} s`);
    return figures;
  });
  const [best] = runs.toSorted((one, other) => one.matrix.cpu - other.matrix.cpu);
  if (best === undefined) throw new Error('nothing was measured');
  return best;
}

const both = ({ seconds, cpu }: Taken): string => `${seconds.toFixed(2)} (${cpu.toFixed(2)})`;

const figuresText = (all: readonly ProofFigures[]): string =>
  table(
    [
      'machines',
      'routers',
      'rules and elements',
      'model (s)',
      'question, median (s)',
      'longest (s)',
      'networks',
      'matrix (s)',
      'memory (MB)',
    ],
    all.map((one) => [
      one.machines.toLocaleString('en'),
      String(one.routers),
      one.rules.toLocaleString('en'),
      both(one.model),
      both(one.question),
      both(one.longest),
      `${one.networks} × ${one.networks}`,
      both(one.matrix),
      (one.memory / 1e6).toFixed(0),
    ]),
  );

const COLOURS = { matrix: '#0b6bcb', model: '#8a8f98', question: '#c4541b' } as const;

function plotOf(all: readonly ProofFigures[]): string {
  const curve = (colour: string, taken: (figures: ProofFigures) => Taken, dash?: string): Curve => ({
    colour,
    ...(dash !== undefined && { dash }),
    points: all.map((figures) => ({ size: figures.machines, seconds: taken(figures).cpu })),
  });
  return plotted({
    title: 'Seconds of the processor over the number of machines: a model, a question, and a matrix of networks',
    panels: [
      {
        title: 'the matrix, the model, a question, the longest one (dashed)',
        curves: [
          curve(COLOURS.matrix, ({ matrix }) => matrix),
          curve(COLOURS.model, ({ model }) => model),
          curve(COLOURS.question, ({ question }) => question),
          curve(COLOURS.question, ({ longest }) => longest, '6 4'),
        ],
      },
    ],
    legend: COLOURS,
  });
}

const machine = machineFacts();
const program = await bundled();
const all = values.sizes.split(',').map((size) => measure(program, size));
const text = [
  `Measured on ${machine.day}: ${machine.processor}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}; load before the run ${machine.load.toFixed(2)}. Command: \`npm run bench:proof\`. By the clock, and in brackets the time of the processor; the one of ${values.repeat} runs that took least.`,
  figuresText(all),
].join('\n\n');
console.log(text);
if (values.write) {
  writeFigures('npm run bench:proof', text);
  writePlot('proof.svg', plotOf(all));
}
