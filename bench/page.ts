/** The figures as Markdown, and the part of docs/performance.md that they are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure, Phase } from './contender.ts';
import type { Machine } from './machine.ts';
import { PHASES, type Result } from './result.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const END = '<!-- end of figures -->';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column < 2 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const seconds = (figure: Figure | undefined): string => (figure === undefined ? '–' : figure.seconds.toFixed(figure.seconds < 10 ? 2 : 1));
const megabytes = (figure: Figure | undefined): string => (figure?.peak === undefined ? '–' : (figure.peak / 1e6).toFixed(0));
const cpu = (figure: Figure | undefined): string => (figure?.cpu === undefined ? '–' : figure.cpu.toFixed(2));

export function figuresText(results: readonly Result[], machine: Machine, command: string): string {
  const { processor, cores, memory, kernel, node, mininet, day, load } = machine;
  return [
    `Measured on ${day}: ${processor}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GiB of memory, Linux ${kernel}, Node ${node}, Mininet ${mininet}; load before the run ${load.toFixed(2)}.`,
    `Command: \`${command}\`. Medians of as many runs as the last column says.`,
    times(results),
    'Time over the peers’, and of the later commands over the first:',
    ratios(results),
  ].join('\n\n');
}

function times(results: readonly Result[]): string {
  const names: Record<Phase, string> = { up: 'up (s)', again: 'again (s)', grow: 'one more (s)', down: 'down (s)', freed: 'freed (s)' };
  return table(
    ['machines', 'with', ...PHASES.map((phase) => names[phase]), 'CPU of up (s)', 'peak memory of up (MB)', 'of down (MB)', 'runs'],
    results.map(({ size, contender, figures, runs }) => [
      size.toLocaleString('en'),
      contender,
      ...PHASES.map((phase) => seconds(figures[phase])),
      cpu(figures.up),
      megabytes(figures.up),
      megabytes(figures.down),
      String(runs),
    ]),
  );
}

function ratios(results: readonly Result[]): string {
  const of = (size: number, contender: string): Result | undefined =>
    results.find((result) => result.size === size && result.contender === contender);
  const rows = [...new Set(results.map(({ size }) => size))].map((size) => {
    const [own, loop, peer] = ['Netbottle', 'bare loop', 'Mininet'].map((name) => of(size, name)?.figures);
    return [
      size.toLocaleString('en'),
      quotient(own?.up, loop?.up),
      quotient(peer?.up, own?.up),
      quotient(peer?.down, own?.down),
      quotient(peer?.freed, own?.freed),
      quotient(own?.again, own?.up),
      quotient(own?.grow, own?.up),
    ];
  });
  return table(
    ['machines', 'up / bare loop', 'Mininet up / up', 'Mininet down / down', 'Mininet freed / freed', 'again / up', 'one more / up'],
    rows,
  );
}

const quotient = (a: Figure | undefined, b: Figure | undefined): string =>
  a === undefined || b === undefined ? '–' : (a.seconds / b.seconds).toFixed(2);

/** Puts the figures into the page, and the plot beside it. */
export function writePage(figures: string, plot: string): void {
  writeFigures('npm run bench', figures);
  writePlot('performance.svg', plot);
}

export const writePlot = (name: string, plot: string): void => writeFileSync(join(DOCS, name), plot);

/** Puts figures between the marks of the command in the page. */
export function writeFigures(command: string, figures: string): void {
  const path = join(DOCS, 'performance.md');
  const begin = `<!-- figures: written by \`${command} -- --write\` -->`;
  const [before, rest = ''] = readFileSync(path, 'utf8').split(begin);
  const end = rest.indexOf(END);
  if (before === undefined || end < 0) throw new Error(`${path} has no place for the figures`);
  writeFileSync(path, `${before}${begin}\n\n${figures}\n\n${rest.slice(end)}`);
}
