import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { bottlesIn } from '../engine/state.ts';
import { home } from './session.ts';

/** Completion scripts for bash, zsh, fish and PowerShell, and the answers that they ask for. */
export async function completion(program: Command, argv: readonly string[]): Promise<void> {
  const complete = tab(program);
  for (const [name, command] of complete.commands) {
    const bottle = command.options.get('bottle');
    if (bottle !== undefined) bottle.handler = addRunning;
    const argument = ['down', 'verify', 'watch'].includes(name) ? command.arguments.get('bottle') : undefined;
    if (argument !== undefined) argument.handler = addRunning;
  }
  await program.parseAsync(argv[2] === 'completion' ? [...argv.slice(0, 2), 'complete', ...argv.slice(3)] : [...argv]);
}

function addRunning(add: (value: string, description: string) => void): void {
  for (const bottle of bottlesIn(home())) add(bottle, 'running');
}
