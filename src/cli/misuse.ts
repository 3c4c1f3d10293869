/** A command line that is not understood is told as every other error is. */
import type { Command, CommanderError } from 'commander';
import { EngineError } from '../engine/error.ts';
import type { ExitCode } from './exit.ts';
import { showFailure } from './failure.ts';
import { terminal } from './terminal.ts';

/** `message` is the parser's: `error: unknown command 'pu'`, and in a second line perhaps `(Did you mean up?)`. */
export function showMisuse({ message }: CommanderError, program: Command, words: readonly string[]): ExitCode {
  const [what = '', meant] = message.replace(/^error: /, '').split('\n');
  const named = program.commands.find((command) => command.name() === words[0])?.name();
  const help = `\`bottle ${named === undefined ? '' : `${named} `}--help\` shows what it takes.`;
  const suggested = meant?.replace(/^\((.*)\)$/, '$1 ') ?? '';
  const error = new EngineError('usage', what.replace(/\.$/, ''), { remedy: `${suggested}${help}` });
  return showFailure(terminal({ json: wantsJson(words), verbose: false }), error);
}

/** What the parser has not come to is looked for by hand, up to the command that `exec` is to run. */
function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return own.some(
    (word, at) => word === '-ojson' || word === '--output=json' || ((word === '-o' || word === '--output') && own[at + 1] === 'json'),
  );
}
