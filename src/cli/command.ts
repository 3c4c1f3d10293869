/** The program, and how a command is put into it. */
import { Command, Option } from 'commander';
import type { Entry, entryOfBottle, entryOfFile } from './rootless.ts';
import { type Terminal, terminal } from './terminal.ts';
import { version } from './version.ts';

interface Shared {
  readonly output: 'text' | 'json';
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly bottle?: string;
}

/** What tells where an ordinary user has to go. */
interface Rootless {
  readonly entryOfFile: typeof entryOfFile;
  readonly entryOfBottle: typeof entryOfBottle;
}

export const program = new Command('bottle')
  .description('A whole network from one file, with one command, and the proof that it does what the file says.')
  .version(version, '-V, --version')
  .enablePositionalOptions()
  // Errors are told by `main`, in the form that is asked for.
  .configureOutput({ outputError: () => undefined })
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

/** A command with the options that all have. What goes wrong in it becomes a message and an exit code. */
export function command<Args extends readonly (string | string[] | undefined)[], Own extends object>(
  name: string,
  description: string,
  configure: (command: Command) => Command,
  run: (terminal: Terminal, args: Args, options: Shared & Own) => Promise<number>,
  /** Where an ordinary user has to go to run it; commands without it run anywhere. */
  entry?: (rootless: Rootless, args: Args, options: Shared & Own) => Promise<Entry>,
): void {
  const own = configure(program.command(name).description(description))
    .addOption(new Option('-o, --output <format>', 'how the result is printed').choices(['text', 'json']).default('text'))
    .option('-v, --verbose', 'also in the terms of the kernel')
    .exitOverride();
  own.action(async () => {
    const options = own.opts<Shared & Own>();
    const output = terminal({ json: options.output === 'json', verbose: options.verbose === true });
    const args = own.processedArgs as unknown as Args;
    try {
      process.exitCode =
        (await elsewhere(entry === undefined ? undefined : (rootless) => entry(rootless, args, options))) ??
        (await run(output, args, options));
    } catch (error) {
      const { showFailure } = await import('./failure.ts');
      process.exitCode = showFailure(output, error);
    }
  });
}

/** For an ordinary user: runs the command in the bottle's user namespace instead, and gives its exit code. */
async function elsewhere(entry: ((rootless: Rootless) => Promise<Entry>) | undefined): Promise<number | undefined> {
  if (entry === undefined || process.getuid?.() === 0) return undefined;
  const rootless = await import('./rootless.ts');
  return rootless.isOrdinaryUser() ? rootless.inside(await entry(rootless)) : undefined;
}
