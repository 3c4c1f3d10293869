import { resolve as absolute, dirname } from 'node:path';
import type { Home } from '../backend/home.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { certainErrors } from '../network/certain.ts';
import type { Network } from '../network/network.ts';
import { resolve } from '../network/resolve.ts';
import { type Content, readText } from '../spec/read.ts';
import type { ReadText } from '../spec/reread.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { Sound } from '../spec/sound.ts';
import type { Source } from '../spec/source.ts';
import { digestOf, type Reading, readTexts, recall } from './reading.ts';

/** A file that was read and found right. */
export interface LoadedBottle {
  readonly path: string;
  readonly file: BottleFile;
  readonly network: Network;
  readonly source: Source;
  readonly warnings: readonly Diagnostic[];
  /** What was read of a text; absent where a program made the file. */
  readonly read?: ReadText;
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

/** The same for whoever seldom needs to know where in the file things stand. */
export interface RecalledBottle extends Omit<LoadedBottle, 'source' | 'read'> {
  /** Reads the file's text, if that has not been done. */
  readonly source: () => Promise<Source>;
  /** What is worth keeping; undefined where it is kept already. */
  readonly reading: Reading | undefined;
}

/**
 * Reads a file, unless a bottle was raised from the very same text.
 * @throws FileError
 */
export async function loadOrRecall(home: Home, path: string): Promise<RecalledBottle> {
  const content = await readText(path);
  const digest = 'text' in content ? digestOf(path, content.text) : undefined;
  const file = digest === undefined ? undefined : recall(home, digest);
  if (file !== undefined) {
    const resolved = resolve(file, { directory: dirname(absolute(path)) });
    const source = async (): Promise<Source> => (await load(path, content, readTexts(home))).source;
    // Warnings have places.
    if (resolved.network !== undefined && resolved.diagnostics.length === 0)
      return { path: absolute(path), file, network: resolved.network, warnings: [], source, reading: undefined };
  }
  const { source, read, ...loaded } = await load(path, content, digest === undefined ? [] : readTexts(home));
  const reading = digest === undefined || read === undefined ? undefined : { digest, file: loaded.file, read };
  return { ...loaded, source: () => Promise.resolve(source), reading };
}

/**
 * @param content - what was read already
 * @param before - texts that this one may differ little from
 * @throws FileError
 */
export async function load(path: string, content?: Content, before: Iterable<ReadText> = []): Promise<LoadedBottle> {
  // The reader brings a YAML library along, which is slow to load; commands on running bottles do without.
  const [{ loadBottle }, { placeDiagnostics }] = await Promise.all([import('../spec/load.ts'), import('../spec/source.ts')]);
  const { file, sound, source, diagnostics, read } = await loadBottle(path, content, before);
  const directory = dirname(absolute(path));
  if (file === undefined) throw new FileError(placeDiagnostics([...diagnostics, ...meaningErrors(sound, directory)], source), source);
  const resolved = resolve(file, { directory });
  const all = [...diagnostics, ...placeDiagnostics(resolved.diagnostics, source)];
  if (resolved.network === undefined) throw new FileError(all, source);
  return { path: absolute(path), file, network: resolved.network, source, warnings: all, ...(read && { read }) };
}

/** What is wrong with the meaning of a file whose form is wrong: all that does not depend on what that hides. */
function meaningErrors(sound: Sound | undefined, directory: string): readonly Diagnostic[] {
  return sound === undefined ? [] : certainErrors(resolve(sound.file, { directory }).diagnostics, sound.file, sound.lost);
}
