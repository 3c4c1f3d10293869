import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import type { Shape } from './shape.ts';
import { sampleOf } from './shape-fit.ts';
import { flowText, quoted, subject } from './wording.ts';

/** Where in the data a check is. A chain, because almost all of the places that a check comes to are never spoken of. */
export interface Position {
  /** Undefined at the root. */
  readonly parent: Position | undefined;
  /** The last step: a key, or the number of an item. Undefined at the root. */
  readonly key: string | number | undefined;
  /** What is there is called: `machine`. */
  readonly title: string | undefined;
}

export const top: Position = { parent: undefined, key: undefined, title: undefined };

export const step = (parent: Position, key: string | number, title?: string): Position => ({ parent, key, title });

function originOf({ parent, key }: Position): Origin {
  return parent === undefined || key === undefined ? [] : [...originOf(parent), key];
}

/** What the root and each step of the origin is called. */
function titlesOf({ parent, title }: Position): readonly (string | undefined)[] {
  return parent === undefined ? [title] : [...titlesOf(parent), title];
}

/** What is wrong with the value at a position. */
export function fault(code: DiagnosticCode, message: string, at: Position, remedy?: string): Diagnostic {
  return { code, severity: 'error', message, origin: originOf(at), ...(remedy !== undefined && { remedy }) };
}

/** What is wrong with a key, or with what should stand after it. */
export function keyFault(code: DiagnosticCode, message: string, at: Position, remedy?: string): Diagnostic {
  return { ...fault(code, message, at, remedy), at: 'key' };
}

/** What stands at a position, in words: `` `mtu` of network `dmz` ``. */
export function subjectAt(at: Position): string {
  return subject(originOf(at), titlesOf(at));
}

/** How a right value would be written there: `` For example `mtu: 9000`. `` */
export function exampleAt(shape: Shape | undefined, at: Position): string | undefined {
  const sample = sampleOf(shape);
  const { key } = at;
  if (sample === undefined || key === undefined) return undefined;
  return `For example ${quoted(typeof key === 'number' ? flowText(sample) : `${key}: ${flowText(sample)}`)}.`;
}
