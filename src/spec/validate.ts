import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { check } from './check.ts';
import { bottleJsonSchema } from './json-schema.ts';
import { type BottleFile, bottleSchema } from './schema.ts';

export interface Validated {
  /** Undefined when something is wrong. */
  readonly file: BottleFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks plain data against the format of bottle files.
 *
 * @param sofar - what was found wrong while the data was read; there is no file then, but the rest is checked as well
 *
 * Zod decides whether it fits; what to say when it does not comes from `check`, which knows words for it.
 */
export function validate(value: unknown, sofar: readonly Diagnostic[]): Validated {
  // What could not be read stands in the data as something that only `check` passes over.
  if (sofar.length > 0) return { file: undefined, diagnostics: [...sofar, ...check(bottleJsonSchema(), value)] };
  const result = bottleSchema.safeParse(value);
  if (result.success) return { file: result.data, diagnostics: [] };
  const diagnostics = check(bottleJsonSchema(), value);
  if (diagnostics.length > 0) return { file: undefined, diagnostics };
  const [issue] = result.error.issues;
  const origin = (issue?.path ?? []).filter((step) => typeof step !== 'symbol');
  return {
    file: undefined,
    diagnostics: [{ code: 'bad-value', severity: 'error', message: issue?.message ?? 'the file is not valid', origin }],
  };
}
