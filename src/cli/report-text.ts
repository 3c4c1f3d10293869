/** Tables of what the kernel has, and figures in them. */
import { type Column, tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** Columns in which nothing stands are left out; without rows, `empty` is said. */
export function printTable(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[], empty: string): void {
  if (rows.length === 0) {
    terminal.out(empty);
    return;
  }
  const used = columns.map((_, i) => rows.some((row) => row[i] !== ''));
  const only = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, i) => used[i]);
  terminal.out(tableText(only(columns), rows.map(only), terminal.colors).join('\n'));
}

/** `3 s`, `5 min`, `4 h`, `5 d`. */
export function seconds(value: number): string {
  if (value < 120) return `${Math.round(value)} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  return value < 172_800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86_400)} d`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `84 B`, `1.4 kB`, in powers of a thousand. */
export function bytesText(value: number): string {
  const power = Math.min(UNITS.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
  return power === 0 ? `${value} B` : `${(value / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}
