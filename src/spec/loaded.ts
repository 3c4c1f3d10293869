import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from './schema.ts';
import type { Source } from './source.ts';

export interface Loaded {
  /** Undefined when there is an error among the diagnostics. */
  readonly file: BottleFile | undefined;
  readonly source: Source;
  /** By place in the file. */
  readonly diagnostics: readonly Diagnostic[];
}
