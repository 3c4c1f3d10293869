import type { Terminal } from './terminal.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Text in columns, two spaces apart, the heads dimmed. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[], colors: Terminal['colors']): readonly string[] {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => (align === 'right' ? (cells[i] ?? '').padStart(widths[i] ?? 0) : (cells[i] ?? '').padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [colors.dim(line(columns.map(({ title }) => title))), ...rows.map(line)];
}
