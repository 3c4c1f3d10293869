/** Which bottle or file a command is about. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EngineError } from '../engine/error.ts';
import { loadOrRecall } from '../engine/load.ts';
import { bottlesIn } from '../engine/state.ts';
import { home } from './session.ts';

/** The names under which a bottle file is found by itself. */
export const FILES: readonly string[] = ['bottle.yaml', 'bottle.yml', 'bottle.ts'];

/** The file to read: the one that is given, or the one in this directory. */
export function fileNamed(given: string | undefined): string {
  if (given !== undefined) return given;
  const found = FILES.find((name) => existsSync(name));
  if (found !== undefined) return found;
  throw new EngineError('usage', 'there is no bottle.yaml in this directory', {
    remedy: 'Name a file: `bottle up FILE`. `bottle init` writes one to start from.',
  });
}

/** The absolute path of the bottle file in this directory. */
export function fileHere(): string | undefined {
  const found = FILES.find((name) => existsSync(name));
  return found && resolve(found);
}

/** Commands on a bottle as a whole take it as their argument, those on what is in one take an option. */
const option = (bottle: string): string =>
  AS_ARGUMENT.has(process.argv[2] ?? '') ? `\`bottle ${process.argv[2]} ${bottle}\`` : `\`-b ${bottle}\``;
const AS_ARGUMENT: ReadonlySet<string> = new Set(['down', 'verify', 'watch']);

const looksLikeFile = (text: string): boolean => /[./]/.test(text);

/**
 * The name of a bottle: given as it is, or read from the file that is given or lies here; else the only one that runs.
 *
 * @param isExact a bottle that nobody named is not meant, even if it is the only one
 */
export async function bottleNamed(given: string | undefined, { isExact = false } = {}): Promise<string> {
  if (given !== undefined && !looksLikeFile(given)) return given;
  if (given === undefined && fileHere() === undefined) {
    const there = bottlesIn(home());
    const [only] = there;
    if (only !== undefined && there.length === 1 && !isExact) return only;
    throw new EngineError('usage', 'it is not said which bottle is meant, and there is no bottle.yaml in this directory', {
      remedy: only === undefined ? 'No bottle is running; `bottle up FILE` raises one.' : `Say which: ${there.map(option).join(' or ')}.`,
    });
  }
  return (await loadOrRecall(home(), fileNamed(given))).network.name;
}
