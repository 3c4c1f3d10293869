/** Who can send what to whom, a line for each two between which anything passes. */
import type { AnyMatrix } from '../engine/prove/ask-matrix.ts';
import { listedNames } from './listed-names.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** More than a person reads; `-o json` has all of it. */
const MOST_LINES = 200;

export function matrixText(colors: Terminal['colors'], matrix: AnyMatrix): string {
  const rows =
    matrix.by === 'machines'
      ? matrix.blocks.map(({ from, to, services }) => [listedNames(from), listedNames(to), services.join('; ')])
      : matrix.cells.map(({ from, to, services }) => [from, to, services.join('; ')]);
  const lines = tableText([{ title: 'From' }, { title: 'To' }, { title: 'Services' }], rows.slice(0, MOST_LINES), colors);
  const left = rows.length - MOST_LINES;
  const more = left > 0 ? [`and ${left} more lines: ask less with \`--from\` and \`--to\`, or for \`-o json\``] : [];
  const ends = matrix.lost.map(({ what, from, at, example }) => `${colors.yellow(what)}: from ${from}, at ${at}: ${example}`);
  return [...(rows.length === 0 ? [`nothing passes between ${matrix.by}`] : lines), ...more, ...ends].join('\n');
}
