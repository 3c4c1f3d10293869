/**
 * What a policy of very many lines costs: to compile and load, to change by a line, for each new connection; and what a
 * change does to the packets that pass meanwhile.
 *
 *     npm run bench:policy -- [--quick] [--machines 1000] [--lines 10000] [--runs 5] [--write]
 *
 * `--quick` is a small network and a round of each. `--write` puts the figures into docs/performance.md. Needs root.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from './machine.ts';
import { table, writeFigures } from './page.ts';
import { type ConnectionFigures, measureConnections } from './policy-connections.ts';
import { measureStreams, type StreamFigures } from './policy-streams.ts';
import { measureTimes, type TimeFigure } from './policy-times.ts';
import { isolate } from './surroundings.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    machines: { type: 'string' },
    lines: { type: 'string' },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const { quick } = options;
const machines = Number(options.machines ?? (quick ? 40 : 1000));
const lines = Number(options.lines ?? (quick ? 100 : 10_000));
const runs = Number(options.runs ?? (quick ? 1 : 5));
const CONNECTIONS = 16_384;
const ROUTERS = 5;

const timesTable = (figures: readonly TimeFigure[]): string =>
  table(
    ['step', 'of', 'seconds', 'CPU (s)'],
    figures.map(({ what, seconds, cpu }) => [what, what.startsWith('`') ? 'the command' : 'its parts', seconds.toFixed(3), cpu.toFixed(3)]),
  );

const connectionsTable = (figures: readonly ConnectionFigures[]): string =>
  table(
    ['let in by a line', 'family', '10 lines (1/s)', `${lines.toLocaleString('en')} lines (1/s)`, 'ratio'],
    figures.map(({ kind, family, few, many, ratio }) => [kind, `IPv${family}`, rounded(few), rounded(many), ratio.toFixed(2)]),
  );

const rounded = (number: number): string => (Math.round(number / 100) * 100).toLocaleString('en');

const keptTable = (figures: readonly StreamFigures[]): string =>
  table(
    ['family', 'changes', 'pings', 'lost', 'TCP data (MB)', 'segments sent again', 'the same without a change'],
    figures.map(({ family, changes, pings, lost, megabytes, retransmitted, retransmittedAnyway }) =>
      [`IPv${family}`, changes, pings.toLocaleString('en'), lost, megabytes.toFixed(0), retransmitted, retransmittedAnyway].map(String),
    ),
  );

const endedTable = (figures: readonly StreamFigures[]): string =>
  table(
    ['family', 'changes', 'from the start of `bottle up` (ms): median', 'worst', 'from its transaction: median', 'worst'],
    figures.map(({ family, ends, sinceStart, sinceTransaction }) => [
      `IPv${family}`,
      String(ends),
      ...[...sinceStart, ...sinceTransaction].map((time) => time.toFixed(0)),
    ]),
  );

if (process.getuid?.() !== 0) throw new Error('the benchmark makes namespaces as root does: run it as root');
isolate();
// A measurement of an old build would be worse than none.
execFileSync(join(import.meta.dirname, '..', 'bottle'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });

const { processor, cores, kernel, node, day, load } = machineFacts();
const connections = await measureConnections({ machines, lines }, quick ? 1 : Math.max(runs, 11), quick ? 1024 : CONNECTIONS);
console.error(connectionsTable(connections));
const streams = await measureStreams(quick ? 2 : 12, quick ? 1 : 5);
console.error(keptTable(streams), endedTable(streams));
const times = await measureTimes({ machines, lines, routers: ROUTERS }, runs);

const command = ['npm run bench:policy', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
const text = [
  `Measured on ${day}: ${processor}, ${cores} cores, Linux ${kernel}, Node ${node}; load before the run ${load.toFixed(2)}. Command: \`${command}\`.`,
  `${lines.toLocaleString('en')} lines over ${machines.toLocaleString('en')} machines behind ${ROUTERS + 1} routers, IPv4 and IPv6; medians of ${runs}:`,
  timesTable(times),
  'New connections a second through one router:',
  connectionsTable(connections),
  'Changes that keep what passes allowed:',
  keptTable(streams),
  'Changes that forbid it, until the last packet arrived:',
  endedTable(streams),
].join('\n\n');
console.log(text);
if (options.write) writeFigures('npm run bench:policy', text);
