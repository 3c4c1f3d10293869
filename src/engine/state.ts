/** What is remembered of a running bottle. A cache: what is there is read from the kernel, and `down` needs none of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bottleDirectory, HOST_SETTINGS_LOCK, type Home, journalPath } from '../backend/home.ts';
import type { Impairment } from '../network/impairment.ts';
import type { Resource } from '../resource/kinds.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { EngineError } from './error.ts';

const VERSION = 1;

/** What commands have changed of a running bottle. It holds until the next `up`, which puts back what the file says. */
export interface Interim {
  /** Names of the nodes that are stopped; absent where none is. */
  readonly stopped?: readonly string[];
  /** By the names of cables, what they do to packets instead of what the file says; absent where none does. */
  readonly impaired?: Readonly<Record<string, Impairment>>;
  /** Names of the cables that are pulled out; absent where none is. */
  readonly pulled?: readonly string[];
}

export interface State extends Interim {
  readonly version: typeof VERSION;
  readonly bottle: string;
  /** Absolute path of the file that it was raised from. */
  readonly source: string;
  readonly file: BottleFile;
  /** What was last applied, each with where in the file it comes from. */
  readonly resources: readonly Resource[];
  /** ISO 8601. */
  readonly since: string;
}

/** A change under way. Found by the next command, it says what to do about what a killed one left. */
export interface Journal {
  readonly version: typeof VERSION;
  /** A `repair` leads to what was applied last, also after it was killed. */
  readonly operation: 'up' | 'down' | 'repair';
  readonly pid: number;
  /** What the host held before; nothing for what is not to be undone. */
  readonly before: readonly Resource[];
}

export const stateFile = (home: Home, bottle: string): string => join(bottleDirectory(home, bottle), 'state.json');

function read<T extends { readonly version: number }>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as T;
    if (value.version === VERSION) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new EngineError('state-unreadable', `${path} is damaged, or was written by another version of Netbottle`, {
    remedy: '`bottle down NAME` removes the bottle by the marks on what it made; then `bottle up` raises it again.',
  });
}

/** Under another name first: a reader finds the old file whole or the new one. */
function write(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const readState = (home: Home, bottle: string): State | undefined => read(stateFile(home, bottle));

export function writeState(home: Home, state: Omit<State, 'version'>): void {
  mkdirSync(bottleDirectory(home, state.bottle), { recursive: true, mode: 0o755 });
  write(stateFile(home, state.bottle), { version: VERSION, ...state });
}

/** What of it there is: what is empty is left out. */
export const interimOf = ({ stopped = [], impaired = {}, pulled = [] }: Interim): Interim => ({
  ...(stopped.length > 0 && { stopped }),
  ...(Object.keys(impaired).length > 0 && { impaired }),
  ...(pulled.length > 0 && { pulled }),
});

export const readJournal = (home: Home, bottle: string): Journal | undefined => read(journalPath(home, bottle));

export function writeJournal(home: Home, bottle: string, journal: Omit<Journal, 'version'>): void {
  mkdirSync(bottleDirectory(home, bottle), { recursive: true, mode: 0o755 });
  write(journalPath(home, bottle), { version: VERSION, ...journal });
}

export const endJournal = (home: Home, bottle: string): void => rmSync(journalPath(home, bottle), { force: true });

/** Names of the bottles that have left a trace in the state directory. */
export function bottlesIn(home: Home): readonly string[] {
  if (!existsSync(home.root)) return [];
  return readdirSync(home.root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** What holds the user namespace of an ordinary user's bottle; it is ended from outside, after the command inside is done. */
const HOLDS = /^(holder|uplink)\./;

/** Removes the notes of a bottle that is no more. */
export function forget(home: Home, bottle: string): void {
  const directory = bottleDirectory(home, bottle);
  if (!existsSync(directory)) return;
  const names = readdirSync(directory);
  for (const name of names) if (!HOLDS.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
  if (!names.some((name) => HOLDS.test(name))) rmdirSync(directory);
}

/** The state directory itself goes when nothing is left in it but the lock of the shared settings. */
export function tidy(home: Home): void {
  try {
    if (readdirSync(home.root).some((name) => name !== HOST_SETTINGS_LOCK)) return;
    rmSync(join(home.root, HOST_SETTINGS_LOCK), { force: true });
    rmdirSync(home.root);
  } catch (error) {
    // Another bottle is being raised, or went, at this moment.
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
