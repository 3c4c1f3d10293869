import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { namesIn } from '../engine/running.ts';
import { bottlesIn } from '../engine/state.ts';
import { bottleFilesAt } from './file-completion.ts';
import { home } from './session.ts';
import { fileHere } from './which.ts';

/** What `show` shows besides machines. */
const REPORTS = ['policy', 'flows', 'macs', 'routes', 'neighbours', 'conntrack', 'counters'];

type Add = (value: string, description: string) => void;

/** Completion scripts for bash, zsh, fish and PowerShell, and the answers that they ask for. */
export async function completion(program: Command, argv: readonly string[]): Promise<void> {
  const words = argv.slice(argv.indexOf('--') + 1);
  const running = (add: Add): void => {
    for (const bottle of bottlesIn(home())) add(bottle, 'running');
  };
  const files = (add: Add): void => {
    for (const file of bottleFilesAt(words.at(-1) ?? '')) add(file, '');
  };
  const handlers: Readonly<Record<string, (add: Add) => void>> = {
    file: files,
    bottle: (add) => {
      running(add);
      files(add);
    },
    machine: (add) => addNames(words, add, ({ machines }) => machines),
    from: (add) => addNames(words, add, ({ machines }) => [...machines, 'host']),
    to: (add) => addNames(words, add, ({ machines }) => [...machines, 'host']),
    what: (add) => {
      addNames(words, add, ({ machines }) => [...machines, 'host']);
      for (const report of REPORTS) add(report, '');
    },
    of: (add) => addNames(words, add, ({ machines, segments, switches }) => [...machines, ...segments, ...switches, 'host']),
    where: (add) => addNames(words, add, ({ machines, segments, switches }) => [...machines, ...segments, ...switches, 'host']),
  };
  const complete = tab(program);
  for (const command of complete.commands.values()) {
    const bottle = command.options.get('bottle');
    if (bottle !== undefined) bottle.handler = running;
    for (const [name, argument] of command.arguments) {
      const handler = handlers[name];
      if (handler !== undefined) argument.handler = handler;
    }
  }
  await program.parseAsync(argv[2] === 'completion' ? [...argv.slice(0, 2), 'complete', ...argv.slice(3)] : [...argv]);
}

/** Those of the bottle that is named, else of the one of the file here, else of all that run. */
function addNames(words: readonly string[], add: Add, namesOf: (bottle: ReturnType<typeof namesIn>[number]) => readonly string[]): void {
  const at = words.findLastIndex((word) => word === '-b' || word === '--bottle');
  const named = at < 0 ? undefined : words[at + 1];
  const all = namesIn(home());
  const here = all.filter(({ source }) => source === fileHere());
  const meant = named === undefined ? (here.length > 0 ? here : all) : all.filter(({ bottle }) => bottle === named);
  for (const one of meant) for (const name of namesOf(one)) add(name, `in ${one.bottle}`);
}
