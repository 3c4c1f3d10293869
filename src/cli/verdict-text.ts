import type { Verdict } from '../observe/verdict.ts';
import { verdictTable } from '../observe/verdict-table.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** The promises, one a line, with what broke below. */
export function verdictsText(colors: Terminal['colors'], verdicts: readonly Verdict[]): string {
  const { columns, rows } = verdictTable(verdicts);
  const used = columns.filter(({ key }) => rows.some((row) => row[key] !== ''));
  const lines = tableText(
    used.map(({ title, align }) => ({ title, align })),
    rows.map((row) => used.map(({ key }) => row[key])),
    colors,
  );
  const [head = '', ...body] = lines;
  const paint = { held: colors.green, broken: colors.red, 'not measured': colors.yellow } as const;
  const told = rows.flatMap((row, i) => [
    (body[i] ?? '').replace(row.result, paint[row.result](row.result)),
    ...row.details.map((detail) => `    ${colors.dim(detail)}`),
  ]);
  const held = rows.filter(({ result }) => result === 'held').length;
  const broken = rows.filter(({ result }) => result === 'broken').length;
  const rest = rows.length - held - broken;
  const counts = [
    `${held} of ${rows.length} promises held`,
    ...(broken === 0 ? [] : [`${broken} broken`]),
    ...(rest === 0 ? [] : [`${rest} not measured`]),
  ];
  return [head, ...told, `${counts.join(', ')}.`].join('\n');
}
