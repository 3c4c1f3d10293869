import { resolve as absolute, dirname } from 'node:path';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { certainErrors } from '../network/certain.ts';
import type { Network } from '../network/network.ts';
import { resolve } from '../network/resolve.ts';
import type { BottleFile } from '../spec/schema.ts';
import type { Sound } from '../spec/sound.ts';
import type { Source } from '../spec/source.ts';

/** A file that was read and found right. */
export interface LoadedBottle {
  readonly path: string;
  readonly file: BottleFile;
  readonly network: Network;
  readonly source: Source;
  readonly warnings: readonly Diagnostic[];
}

/** A file with errors in it. All of them. */
export class FileError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source;

  constructor(diagnostics: readonly Diagnostic[], source: Source) {
    super(`${source.file} has errors`);
    this.name = 'FileError';
    this.diagnostics = diagnostics;
    this.source = source;
  }
}

/** @throws FileError */
export async function load(path: string): Promise<LoadedBottle> {
  // The reader brings a YAML library along, which is slow to load; commands on running bottles do without.
  const [{ loadBottle }, { placeDiagnostics }] = await Promise.all([import('../spec/load.ts'), import('../spec/source.ts')]);
  const { file, sound, source, diagnostics } = await loadBottle(path);
  const directory = dirname(absolute(path));
  if (file === undefined) throw new FileError(placeDiagnostics([...diagnostics, ...meaningErrors(sound, directory)], source), source);
  const resolved = resolve(file, { directory });
  const all = [...diagnostics, ...placeDiagnostics(resolved.diagnostics, source)];
  if (resolved.network === undefined) throw new FileError(all, source);
  return { path: absolute(path), file, network: resolved.network, source, warnings: all };
}

/** What is wrong with the meaning of a file whose form is wrong: all that does not depend on what that hides. */
function meaningErrors(sound: Sound | undefined, directory: string): readonly Diagnostic[] {
  return sound === undefined ? [] : certainErrors(resolve(sound.file, { directory }).diagnostics, sound.file, sound.lost);
}
