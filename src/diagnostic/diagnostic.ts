import type { DiagnosticCode } from './codes.ts';

/** Where in a bottle file a thing stands, as the path of keys that leads to it: `['machines', 'web', 'networks', 'dmz']`. */
export type Origin = readonly (string | number)[];

/** A stretch of a source file. Lines and columns count from 1; the end is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

type Severity = 'error' | 'warning';

/**
 * One thing wrong with a file, or worth a second look.
 *
 * Stages after the front end know only the `origin`; the source turns it into a `place`
 * (see `Source.locate` in `src/spec/source.ts`).
 */
export interface Diagnostic {
  /** Stable name from the catalogue in `codes.ts`, in kebab-case. */
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What is wrong, in one sentence, without the place. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly origin?: Origin;
  /** Whether the key or the value at `origin` is meant; the value where nothing is said. */
  readonly at?: 'key' | 'value';
  readonly place?: Place;
  /** Other places that have a part in it. */
  readonly related?: readonly Related[];
}

export interface Related {
  readonly message: string;
  readonly origin?: Origin;
  readonly at?: 'key' | 'value';
  readonly place?: Place;
}
