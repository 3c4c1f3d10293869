/**
 * What the text of a bottle file says, kept by the text's digest: reading a thousand lines of YAML takes longer than looking
 * at all that they describe. Each bottle keeps what it was raised from last.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { bottleDirectory, type Home } from '../backend/home.ts';
import type { ReadText } from '../spec/reread.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { stretchesOf, treeOf } from '../spec/tree-stretches.ts';
import { bottlesIn } from './state.ts';

declare const NETBOTTLE_BUILD: string;

/** Of all that the program is made from. Undefined where it is not built, and may be another at any time. */
const build = typeof NETBOTTLE_BUILD === 'undefined' ? undefined : NETBOTTLE_BUILD;

export interface Reading {
  readonly digest: string;
  readonly file: BottleFile;
  /** Where in it things stand, so that a text that differs little from it is read the quicker. */
  readonly read: ReadText;
}

const PREFIX = 'reading.';

const sha256 = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex');

/** Of a text as this very program reads it: another may refuse what this one takes. Undefined where nothing is kept. */
export const digestOf = (path: string, text: string): string | undefined =>
  build === undefined ? undefined : sha256(build, extname(path).toLowerCase(), text);

/** What the text with this digest says, if a bottle was raised from it. */
export function recall(home: Home, digest: string): BottleFile | undefined {
  for (const bottle of bottlesIn(home)) {
    const kept = linesOf(join(bottleDirectory(home, bottle), `${PREFIX}${digest}`));
    if (kept !== undefined) return JSON.parse(kept.file) as BottleFile;
  }
  return undefined;
}

/** The texts that bottles were raised from, as this very program reads them. */
export function* readTexts(home: Home): Generator<ReadText> {
  for (const bottle of bottlesIn(home)) {
    const directory = bottleDirectory(home, bottle);
    for (const name of keptIn(directory)) {
      const kept = linesOf(join(directory, name));
      if (kept === undefined) continue;
      yield { text: JSON.parse(kept.text) as string, root: treeOf(JSON.parse(kept.file), JSON.parse(kept.stretches) as number[]) };
    }
  }
}

function keptIn(directory: string): readonly string[] {
  return ifThere(() => readdirSync(directory).filter((name) => name.startsWith(PREFIX) && !name.endsWith(NEW))) ?? [];
}

interface Lines {
  readonly file: string;
  readonly text: string;
  readonly stretches: string;
}

/** Undefined where there is none, or it is not as this very program wrote it: then the text itself is read. */
function linesOf(path: string): Lines | undefined {
  const [sum, file = '', text = '', stretches = ''] = ifThere(() => readFileSync(path, 'utf8'))?.split('\n') ?? [];
  return sum === sumOf({ file, text, stretches }) ? { file, text, stretches } : undefined;
}

/** Undefined where it is not there, any more or at all, or not for the person to read. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const sumOf = ({ file, text, stretches }: Lines): string => sha256(build ?? '', file, text, stretches);

const NEW = '.new';

/** Keeps it in the place of what the bottle was raised from before. It goes with the bottle's other notes. */
export function keep(home: Home, bottle: string, { digest, file, read }: Reading): void {
  const directory = bottleDirectory(home, bottle);
  const name = `${PREFIX}${digest}`;
  const lines: Lines = { file: JSON.stringify(file), text: JSON.stringify(read.text), stretches: JSON.stringify(stretchesOf(read.root)) };
  writeFileSync(join(directory, `${name}${NEW}`), [sumOf(lines), lines.file, lines.text, lines.stretches].join('\n'), { mode: 0o600 });
  renameSync(join(directory, `${name}${NEW}`), join(directory, name));
  for (const other of readdirSync(directory)) if (other.startsWith(PREFIX) && other !== name) rmSync(join(directory, other));
}
