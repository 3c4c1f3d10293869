/** Programs and directories that a command needs, and that are not there to begin with. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { isExecutable } from '../executable.ts';
import { programOf } from './first-program.ts';
import { baseEnvironment } from './view.ts';

interface Wanted {
  /** Program and arguments; a line of a shell is `['/bin/sh', '-c', line]`. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly directory: string;
}

/** For each, what is absent; undefined where nothing is, or where only a shell could tell. */
export function absentOf(wanted: readonly Wanted[]): readonly (string | undefined)[] {
  const found = wanted.map((one) => {
    if (!isDirectory(one.directory)) return { absent: `there is no directory ${one.directory}` };
    const { word, inShell } = programOf(one.command, (program) => isProgram(program, one));
    if (word === undefined || isProgram(word, one)) return {};
    return inShell && !word.includes('/') ? { asked: word } : { absent: `there is no program ${word}` };
  });
  const words = new Set(found.flatMap(({ asked }) => asked ?? []));
  const known = words.size === 0 ? words : ownWords([...words]);
  return found.map(({ absent, asked }) => (asked === undefined || known.has(asked) ? absent : `there is no program ${asked}`));
}

function isProgram(word: string, { environment, directory }: Wanted): boolean {
  if (word.includes('/')) return isExecutable(resolve(directory, word));
  const path = environment['PATH'] ?? baseEnvironment(process.env)['PATH'] ?? '';
  return path.split(delimiter).some((place) => isExecutable(resolve(directory, place, word)));
}

/** Those that the shell knows by itself: `while`, `cd`, `.`. */
function ownWords(words: readonly string[]): ReadonlySet<string> {
  const ask = 'for word; do command -v -- "$word" >/dev/null && echo "$word"; done; :';
  const { stdout } = spawnSync('/bin/sh', ['-c', ask, 'sh', ...words], { env: { PATH: '/nonexistent' }, encoding: 'utf8' });
  return new Set(stdout.split('\n'));
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
