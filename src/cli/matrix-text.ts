/** Who can send what to whom, a line for each two networks between which anything passes. */
import type { Matrix } from '../engine/prove/matrix.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

export function matrixText(colors: Terminal['colors'], { cells, lost }: Matrix): string {
  const lines = tableText(
    [
      { title: 'From', align: 'left' },
      { title: 'To', align: 'left' },
      { title: 'Services', align: 'left' },
    ],
    cells.map(({ from, to, services }) => [from, to, services.join('; ')]),
    colors,
  );
  const ends = lost.map(({ what, from, at, example }) => `${colors.yellow(what)}: from ${from}, at ${at}: ${example}`);
  return [...(cells.length === 0 ? ['nothing passes between networks'] : lines), ...ends].join('\n');
}
