import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import type { Shape } from './shape.ts';
import { sampleOf } from './shape-fit.ts';
import { flowText, quoted, subject } from './wording.ts';

/** Where in the data a check is. */
export interface Position {
  readonly origin: Origin;
  /** What the root and each step of the origin is called: `machine`. */
  readonly titles: readonly (string | undefined)[];
}

export const top: Position = { origin: [], titles: [undefined] };

export function step(at: Position, key: string | number, title?: string): Position {
  return { origin: [...at.origin, key], titles: [...at.titles, title] };
}

/** What is wrong with the value at a position. */
export function fault(code: DiagnosticCode, message: string, at: Position, remedy?: string): Diagnostic {
  return { code, severity: 'error', message, origin: at.origin, ...(remedy !== undefined && { remedy }) };
}

/** What is wrong with a key, or with what should stand after it. */
export function keyFault(code: DiagnosticCode, message: string, at: Position, remedy?: string): Diagnostic {
  return { ...fault(code, message, at, remedy), at: 'key' };
}

/** What stands at a position, in words: `` `mtu` of network `dmz` ``. */
export function subjectAt(at: Position): string {
  return subject(at.origin, at.titles);
}

/** How a right value would be written there: `` For example `mtu: 9000`. `` */
export function exampleAt(shape: Shape | undefined, at: Position): string | undefined {
  const sample = sampleOf(shape);
  const key = at.origin.at(-1);
  if (sample === undefined || key === undefined) return undefined;
  return `For example ${quoted(typeof key === 'number' ? flowText(sample) : `${key}: ${flowText(sample)}`)}.`;
}
