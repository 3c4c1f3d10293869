import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Ended, follow, type Stream } from './follow.ts';
import { ProcessError } from './process-error.ts';
import { baseEnvironment, invocation, marksOf, setUp, type View } from './view.ts';

export interface RunOptions extends Omit<View, 'environment'> {
  /** Added to what every command in a machine has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input, output and error; the caller's own unless given. */
  readonly stdio?: readonly [Stream, Stream, Stream];
  /** Whether standard input is a terminal: ctrl-C then comes to the command from there. */
  readonly tty: boolean;
}

/**
 * Runs a command in a machine and waits for its end; for `bottle exec` and `bottle shell`.
 *
 * A program that is not there gives code 127, with the shell's message on standard error.
 * @throws ProcessError `no-namespace`, `process-view`
 */
export async function runInMachine(options: RunOptions): Promise<Ended> {
  if (!existsSync(options.namespacePath)) throw new ProcessError('no-namespace', `${options.machine} has no namespace`, 'Run `bottle up`.');
  const { file, args, environment } = invocation({
    ...options,
    environment: { ...baseEnvironment(process.env), ...terminalVariables(), ...options.environment, ...marksOf(options) },
  });
  let view: ReturnType<typeof setUp> | undefined;
  const ended = await follow(file, args, {
    environment,
    stdio: [...(options.stdio ?? (['inherit', 'inherit', 'inherit'] as const)), 'pipe'],
    tty: options.tty,
    started: (child) => {
      view = setUp(child.stdio[3] as Readable);
    },
  });
  const { made, notes } = (await view) ?? { made: true, notes: [] };
  if (!made) throw new ProcessError('process-view', `${options.machine} cannot be entered: ${notes.join('; ') || `code ${ended.code}`}`);
  return ended;
}

function terminalVariables(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of ['TERM', 'COLORTERM', 'NO_COLOR']) {
    const value = process.env[name];
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}
