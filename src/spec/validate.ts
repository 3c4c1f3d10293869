import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { bottleShape } from './bottle-shape.ts';
import { check } from './check.ts';
import type { BottleFile } from './schema.ts';

export interface Validated {
  /** Undefined when something is wrong. */
  readonly file: BottleFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks plain data against the format of bottle files.
 *
 * @param sofar - what was found wrong while the data was read; there is no file then, but the rest is checked as well
 */
export function validate(value: unknown, sofar: readonly Diagnostic[]): Validated {
  const diagnostics = [...sofar, ...check(bottleShape, value)];
  // What the shape takes is what the type says: both are made from the same schema, and a test compares them.
  return { file: diagnostics.length === 0 ? (value as BottleFile) : undefined, diagnostics };
}
