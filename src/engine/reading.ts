/**
 * What the text of a bottle file says, kept by the text's digest: reading a thousand lines of YAML takes longer than looking
 * at all that they describe. Each bottle keeps what it was raised from last.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { bottleDirectory, type Home } from '../backend/home.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { bottlesIn } from './state.ts';

declare const NETBOTTLE_BUILD: string;

/** Of all that the program is made from. Undefined where it is not built, and may be another at any time. */
const build = typeof NETBOTTLE_BUILD === 'undefined' ? undefined : NETBOTTLE_BUILD;

export interface Reading {
  readonly digest: string;
  readonly file: BottleFile;
}

const PREFIX = 'reading.';

const sha256 = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex');

/** Of a text as this very program reads it: another may refuse what this one takes. Undefined where nothing is kept. */
export const digestOf = (path: string, text: string): string | undefined =>
  build === undefined ? undefined : sha256(build, extname(path).toLowerCase(), text);

/** What the text with this digest says, if a bottle was raised from it. */
export function recall(home: Home, digest: string): BottleFile | undefined {
  for (const bottle of bottlesIn(home)) {
    const kept = read(join(bottleDirectory(home, bottle), `${PREFIX}${digest}`));
    if (kept !== undefined) return kept;
  }
  return undefined;
}

/** Undefined where there is none, or it is not as it was written: then the text itself is read. */
function read(path: string): BottleFile | undefined {
  try {
    const [sum = '', json = ''] = readFileSync(path, 'utf8').split('\n');
    return sum === sha256(json) ? (JSON.parse(json) as BottleFile) : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Keeps it in the place of what the bottle was raised from before. It goes with the bottle's other notes. */
export function keep(home: Home, bottle: string, { digest, file }: Reading): void {
  const directory = bottleDirectory(home, bottle);
  const name = `${PREFIX}${digest}`;
  const json = JSON.stringify(file);
  writeFileSync(join(directory, `${name}.new`), `${sha256(json)}\n${json}`, { mode: 0o600 });
  renameSync(join(directory, `${name}.new`), join(directory, name));
  for (const other of readdirSync(directory)) if (other.startsWith(PREFIX) && other !== name) rmSync(join(directory, other));
}
