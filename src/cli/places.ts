/** Where in its file a running bottle's parts come from. */
import { isDeepStrictEqual } from 'node:util';
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import { FileError, load } from '../engine/load.ts';
import type { State } from '../engine/state.ts';
import { originOf } from '../resource/ruleset/comment.ts';
import { pathFromHere } from './path-from-here.ts';

export interface Places {
  /** The keys of the file that a rule's comment leads to. */
  readonly originOf: (comment: string) => Origin | undefined;
  /** Where in the file a rule's comment leads. */
  readonly placeOf: (comment: string) => Place | undefined;
  readonly locate: (origin: Origin) => Place | undefined;
}

/** Nowhere where the file is no longer what the bottle was raised from: lines would be others'. */
export async function placesOf({ file, source: path }: State): Promise<Places> {
  const locate = await locatorOf(path, file);
  return {
    locate,
    originOf: (comment) => originOf(comment, file),
    placeOf: (comment) => {
      const origin = originOf(comment, file);
      return origin && locate(origin);
    },
  };
}

async function locatorOf(path: string, file: State['file']): Promise<Places['locate']> {
  try {
    const loaded = await load(pathFromHere(path));
    if (isDeepStrictEqual(loaded.file, file)) return (origin) => loaded.source.locate(origin, 'key');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
  return () => undefined;
}
