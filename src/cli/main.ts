/** The command line. A command is loaded when it is asked for. */
import { Command, CommanderError, Option } from 'commander';
import { type ExitCode, exitCodes } from './exit.ts';
import { terminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

type Run = (terminal: Terminal) => Promise<number>;

/** Runs a command, and makes of whatever comes out of it an exit code. */
async function carryOut(command: Command, run: Run): Promise<void> {
  const options = command.optsWithGlobals<{ output?: string; verbose?: boolean }>();
  const output = terminal({ json: options.output === 'json', verbose: options.verbose === true });
  try {
    process.exitCode = await run(output);
  } catch (error) {
    const { showFailure } = await import('./failure.ts');
    process.exitCode = showFailure(output, error);
  }
}

const program = new Command('bottle')
  .description('A whole network from one file, with one command, and the proof that it does what the file says.')
  .version(version, '-V, --version')
  .addOption(new Option('-o, --output <format>', 'how results are printed').choices(['text', 'json']).default('text'))
  .option('-v, --verbose', 'also in the terms of the kernel')
  .showHelpAfterError(false)
  .exitOverride();

const FILE = 'the bottle file; bottle.yaml here unless given';

program
  .command('up')
  .argument('[file]', FILE)
  .description('make the network real, and measure its promises')
  .option('-y, --yes', 'do not ask before interrupting what runs')
  .option('--no-verify', 'do not measure the promises')
  .action(async (file: string | undefined, options: { yes?: boolean; verify: boolean }, command: Command) => {
    const { fileNamed } = await import('./which.ts');
    await carryOut(command, async (output) => (await import('./commands/up.ts')).up(output, fileNamed(file), options));
  });

program
  .command('down')
  .argument('[bottle]', 'a name or a file')
  .description('remove a network and leave nothing behind')
  .option('-y, --yes', 'do not ask')
  .action((bottle: string | undefined, options: { yes?: boolean }, command: Command) => carryOut(command, async (output) => (await import('./commands/down.ts')).down(output, bottle, options)));

program
  .command('plan')
  .argument('[file]', FILE)
  .description('what would change, without changing it')
  .action((file: string | undefined, _options: unknown, command: Command) =>
    carryOut(command, async (output) => (await import('./commands/plan.ts')).plan(output, (await import('./which.ts')).fileNamed(file))),
  );

program
  .command('keeper', { hidden: true })
  .argument('<directory>')
  .action(async (directory: string) => (await import('../backend/process/keeper-daemon.ts')).runKeeper(directory));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : (exitCodes.usage satisfies ExitCode);
}
