import { NotFollowed } from '../../proof/path/not-followed.ts';
import { EngineError } from '../error.ts';

/** Runs what asks the proof: what that has no words for is said, and not guessed. @throws EngineError `not-followed` */
export function followed<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof NotFollowed)) throw error;
    throw new EngineError('not-followed', error.message, {
      remedy: 'Ask the network itself: `bottle verify` measures promises that are not proved.',
      cause: error,
    });
  }
}
