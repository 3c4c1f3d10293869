import { areStopped } from './stopped.ts';
import type { Tally, Verdict } from './verdict.ts';

/** A row for each promise, as text that a terminal or a page lays out. */
interface VerdictRow {
  readonly promise: string;
  readonly result: 'held' | 'broken' | 'not measured';
  /** `12 of 12`: packet exchanges that went as promised. */
  readonly kept: string;
  /** The same by address family; empty where it was not asked. */
  readonly ipv4: string;
  readonly ipv6: string;
  /** `2,000 of 999,000` where not all pairs were measured, else their number. */
  readonly pairs: string;
  /** `0.8 ms`, the slowest answer. */
  readonly slowest: string;
  /** Lines below the row: what failed and how, or why it was not measured. */
  readonly details: readonly string[];
}

interface VerdictColumn {
  readonly key: Exclude<keyof VerdictRow, 'details'>;
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface VerdictTable {
  readonly columns: readonly VerdictColumn[];
  readonly rows: readonly VerdictRow[];
}

const columns: readonly VerdictColumn[] = [
  { key: 'promise', title: 'Promise', align: 'left' },
  { key: 'result', title: 'Result', align: 'left' },
  { key: 'kept', title: 'Kept', align: 'right' },
  { key: 'ipv4', title: 'IPv4', align: 'right' },
  { key: 'ipv6', title: 'IPv6', align: 'right' },
  { key: 'pairs', title: 'Pairs', align: 'right' },
  { key: 'slowest', title: 'Slowest', align: 'right' },
];

const count = (value: number): string => value.toLocaleString('en');
const tallyText = ({ asked, kept }: Tally): string => (asked === 0 ? '' : `${count(kept)} of ${count(asked)}`);

/** `details` are at most so many lines a promise; the rest is counted in one more line. */
export function verdictTable(verdicts: readonly Verdict[], details = 10): VerdictTable {
  return { columns, rows: verdicts.map((verdict) => rowOf(verdict, details)) };
}

function rowOf({ expectation, state, reason, stopped, pairs, total, families, slowest, failures }: Verdict, limit: number): VerdictRow {
  const shown = failures.slice(0, limit).map(({ text }) => text);
  const rest = failures.length - shown.length;
  return {
    promise: expectation.text,
    result: state === 'not-measured' ? 'not measured' : state,
    kept: tallyText(total),
    ipv4: tallyText(families[4]),
    ipv6: tallyText(families[6]),
    pairs: pairs.measured === pairs.total ? count(pairs.total) : `${count(pairs.measured)} of ${count(pairs.total)}`,
    slowest: slowest === undefined ? '' : `${slowest.toFixed(1)} ms`,
    details: [...notes(reason, stopped), ...shown, ...(rest > 0 ? [`and ${count(rest)} more`] : [])],
  };
}

function notes(reason: string | undefined, stopped: readonly string[]): readonly string[] {
  if (reason !== undefined) return [reason];
  return stopped.length === 0 ? [] : [`measured without the rest: ${areStopped(stopped)}`];
}
