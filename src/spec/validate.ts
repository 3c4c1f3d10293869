import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { bottleShape } from './bottle-shape.ts';
import { check } from './check.ts';
import type { Readable } from './readable.ts';
import type { BottleFile } from './schema/bottle.ts';
import { type Sound, soundPart } from './sound.ts';

export interface Validated {
  /** Undefined when something is wrong. */
  readonly file: BottleFile | undefined;
  /** What is left when that is left out, where anything is. */
  readonly sound: Sound | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks plain data against the format of bottle files.
 *
 * @param sofar - what was found wrong while the data was read; there is no file then, but the rest is checked as well
 * @param readable - gives what of the data could be read; undefined where that is not known
 */
export function validate(value: unknown, sofar: readonly Diagnostic[], readable: (() => Readable) | undefined): Validated {
  const diagnostics = [...sofar, ...check(bottleShape, value)];
  // What the shape takes is what the type says: both are made from the same schema, and a test compares them.
  if (diagnostics.length === 0) return { file: value as BottleFile, sound: undefined, diagnostics };
  return { file: undefined, sound: readable && soundPart(readable()), diagnostics };
}
