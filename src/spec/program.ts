import type { Loaded } from './load.ts';
import { wholeFileSource } from './source.ts';

/** @internal for `loadBottle` */
export async function loadProgram(path: string, text: string): Promise<Loaded> {
  const source = wholeFileSource(path, text, 'program');
  return { file: undefined, source, diagnostics: [] };
}
