import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { ReadText } from './reread.ts';
import type { BottleFile } from './schema/bottle.ts';
import type { Sound } from './sound.ts';
import type { Source } from './source.ts';

export interface Loaded {
  /** Undefined when there is an error among the diagnostics. */
  readonly file: BottleFile | undefined;
  /** The parts of it that there is no error in; undefined when there is none in it, or nothing else. */
  readonly sound: Sound | undefined;
  readonly source: Source;
  /** A text in which nothing was reported. */
  readonly read?: ReadText;
  /** By place in the file. */
  readonly diagnostics: readonly Diagnostic[];
}
