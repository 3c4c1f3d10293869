import { EngineError } from '../../engine/error.ts';
import { execute, running } from '../../engine/running.ts';
import { home } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

/** Gives the command's own exit code, or 128 and the number of the signal that ended it, as shells do. */
export async function exec(
  _terminal: Terminal,
  machine: string,
  words: readonly string[],
  { bottle: target }: { readonly bottle?: string },
): Promise<number> {
  const command = words[0] === '--' ? words.slice(1) : words;
  if (command.length === 0)
    throw new EngineError('usage', 'there is no command to run', {
      remedy: '`bottle exec MACHINE -- COMMAND`; `bottle shell MACHINE` gives a shell.',
    });
  const at = home();
  const ended = await execute(at, running(at, await bottleNamed(target)), machine, command, process.stdin.isTTY === true);
  return ended.code;
}

export const shell = (terminal: Terminal, machine: string, options: { readonly bottle?: string }): Promise<number> =>
  exec(terminal, machine, [process.env['SHELL'] ?? '/bin/sh'], options);
