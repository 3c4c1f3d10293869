/** The command line. A command's code is loaded when it is asked for. */
import { CommanderError, Option } from 'commander';
import { BOTTLE, FILE, MACHINE, MACHINES, names, YES } from './arguments.ts';
import { command, program } from './command.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { exitCodes } from './exit.ts';

command<[string?], { verify: boolean; prove: boolean }>(
  'up',
  'prove the promises, make the network real, and measure them',
  (own) =>
    own
      .argument(...FILE)
      .option(...YES)
      .option('--no-prove', 'apply the file even if it breaks its own promises')
      .option('--no-verify', 'do not measure the promises'),
  async (output, [file], options) => (await import('./commands/up.ts')).up(output, file, options),
  (rootless, [file]) => rootless.entryOfFile(file, true),
);

command<[string?], object>(
  'down',
  'remove a network and leave nothing behind',
  (own) => own.argument('[bottle]', 'a name, or a file').option(...YES),
  async (output, [bottle], options) => (await import('./commands/down.ts')).down(output, bottle, options),
  (rootless, [bottle]) => rootless.entryOfBottle(bottle),
);

command<[string?], object>(
  'plan',
  'show what would change, without changing it',
  (own) => own.argument(...FILE),
  async (output, [file]) => (await import('./commands/plan.ts')).plan(output, file),
  (rootless, [file]) => rootless.entryOfFile(file, false),
);

command<[string?], VerifyOptions>(
  'verify',
  'prove the promises of a running network, and measure them with real packets',
  (own) =>
    own
      .argument('[bottle]', 'a name, or a file')
      .option('--matrix', 'say instead what may pass between which networks')
      .addOption(new Option('--by <what>', 'with --matrix: between what').choices(['networks', 'groups', 'machines']))
      .option('--from <names>', 'with --matrix: from these alone, with commas between, or from `outside`', names)
      .option('--to <names>', 'with --matrix: to these alone', names)
      .option('--lines', 'say instead which lines of the policy, of forwards and of NAT decide nothing, and which do so in their place')
      .option('--paths', 'say instead which routes lead nowhere, whose answers are lost, and what comes back another way'),
  async (output, [bottle], options) => (await import('./commands/verify.ts')).verify(output, bottle, options),
  (rootless, [bottle]) => rootless.entryOfBottle(bottle),
);

command<[string, string, string, string?], object>(
  'explain',
  'say why a packet arrives or does not, hook by hook, from the file alone',
  (own) =>
    own
      .argument('<from>', 'a machine, a router, an address of one, `host`; or a network, a group, a prefix, `internet`, `any`')
      .argument('<to>', 'the same, or any address')
      .argument('<service>', '`http`, `tcp/443`, `ping`, `icmp/time-exceeded`, `sctp/80`, `esp`, `protocol/47`')
      .argument(...FILE)
      .option('-b, --bottle <name>', 'the file of a running bottle, without the machines that are stopped')
      .option('--source <address>', 'who it says that it is from')
      .option('--sport <port>', 'the port that it is from')
      .option('--ttl <hops>', 'its TTL or hop limit')
      .option('--size <bytes>', 'how large it is, with its IP header')
      .option('--no-df', 'it may be cut up on the way (IPv4)')
      .option('--mac <address>', 'the MAC address that its first frame says to be from')
      .option('--to-mac <address>', 'the MAC address that its first frame is for')
      .option('--state <state>', '`new`, or `established`: of a connection that has been made')
      .option('--in <machine/interface>', 'where it comes in, whoever has sent it'),
  async (output, args, options) => (await import('./commands/explain.ts')).explain(output, args, options),
);

command<[string?, string?, string?], { watch?: boolean; count?: string; duration?: string }>(
  'trace',
  'send a packet for real, and show what the kernel does to it, hook by hook',
  (own) =>
    own
      .argument('[from]', 'a machine, a router, an address of one, or `host`')
      .argument('[to]', 'the same, or any address')
      .argument('[service]', '`http`, `tcp/443`, `ping`')
      .option('-w, --watch', 'send nothing, and follow real packets: those that match, or all')
      .option('--count <packets>', 'with --watch: stop after so many')
      .option('--duration <seconds>', 'with --watch: stop after so long')
      .option(...BOTTLE),
  async (output, args, options) => (await import('./commands/trace.ts')).trace(output, args, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string[]], object>(
  'stop',
  'take machines out of a running network, with the ports that are forwarded to them',
  (own) =>
    own
      .argument(...MACHINES)
      .option(...BOTTLE)
      .option(...YES),
  async (output, [machines], options) => (await import('./commands/stop.ts')).stop(output, machines, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string[]], object>(
  'start',
  'put machines that were stopped back',
  (own) =>
    own
      .argument(...MACHINES)
      .option(...BOTTLE)
      .option(...YES),
  async (output, [machines], options) => (await import('./commands/stop.ts')).start(output, machines, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string, string[]], object>(
  'impair',
  'make cables of a running network lose or hold up packets, until the next `up`',
  (own) =>
    own
      .argument('<cable>', '`MACHINE/NETWORK`, `SWITCH/SWITCH`, `host/NETWORK`, a link, or a network for all of its cables')
      .argument('<what...>', '`delay=20ms`, `jitter=5ms`, `loss=1%`, `duplicate=1%`, `reorder=5%`, `rate=10mbit`; or `none`')
      .option(...BOTTLE)
      .option(...YES),
  async (output, [cable, what], options) => (await import('./commands/impair.ts')).impair(output, cable, what, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string, string], object>(
  'link',
  'pull cables of a running network out, or put them back',
  (own) =>
    own
      .argument('<cable>', '`MACHINE/NETWORK`, `SWITCH/SWITCH`, `host/NETWORK`, a link, or a network for all of its cables')
      .argument('<state>', '`down` or `up`')
      .option(...BOTTLE)
      .option(...YES),
  async (output, [cable, state], options) => (await import('./commands/impair.ts')).link(output, cable, state, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string?], object>(
  'watch',
  'repair at once what others change of a running network, until stopped',
  (own) => own.argument('[bottle]', 'a name, or a file'),
  async (output, [bottle]) => (await import('./commands/watch.ts')).watch(output, bottle),
  (rootless, [bottle]) => rootless.entryOfBottle(bottle),
);

command<[], object>(
  'ls',
  'list what is running',
  (own) => own,
  async (output) => (await import('./commands/list.ts')).list(output),
);

command<[string?, string?], object>(
  'show',
  'show the addresses, routes, links and processes of a running network, its tables and counters, or what its policy and flows met, from the kernel',
  (own) =>
    own
      .argument(
        '[what]',
        'one of its machines, routers or switches, `host`, or `policy`, `flows`, `macs`, `routes`, `neighbours`, `conntrack`, `counters`',
      )
      .argument('[of]', 'of these, only those of one machine, router, network or `host`')
      .option(...BOTTLE),
  async (output, [what, of], options) => (await import('./commands/show.ts')).show(output, what, of, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string, string[]], object>(
  'exec',
  'run a command inside a machine',
  (own) =>
    own
      .usage('[options] <machine> -- <command> [args...]')
      .argument(...MACHINE)
      .argument('<command...>', 'the program and its arguments, after `--`')
      .option(...BOTTLE),
  async (output, [machine, words], options) => (await import('./commands/exec.ts')).exec(output, machine, words, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string], object>(
  'shell',
  'open a shell inside a machine',
  (own) => own.argument(...MACHINE).option(...BOTTLE),
  async (output, [machine], options) => (await import('./commands/exec.ts')).shell(output, machine, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string[]], import('./commands/capture.ts').CaptureOptions>(
  'capture',
  'write the packets of machines, interfaces, networks or links as pcapng, until stopped',
  (own) =>
    own
      .argument('<where...>', 'a machine or router, MACHINE/NETWORK, a network, link or group, or `host`')
      .option('-w, --write <file>', 'into this file; otherwise to standard output, on a terminal as text')
      .option('-f, --filter <expression>', 'only these packets, as tcpdump takes it; names of the bottle are known')
      .option('-p, --ports', 'of networks and links each port for itself')
      .option('-c, --count <packets>', 'until so many are captured')
      .option('-d, --duration <seconds>', 'for so long')
      .option('-s, --snap-length <bytes>', 'of each packet only so much')
      .option(...BOTTLE),
  async (output, [where], options) => (await import('./commands/capture.ts')).capture(output, where, options),
  (rootless, _args, { bottle }) => rootless.entryOfBottle(bottle),
);

command<[string, string?], { follow?: boolean }>(
  'logs',
  'print what the processes of a machine have written',
  (own) =>
    own
      .argument(...MACHINE)
      .argument('[process]', 'one of its processes, as `run:` names it; all unless given')
      .option('-f, --follow', 'go on as more is written')
      .option(...BOTTLE),
  async (output, [machine, name], options) => (await import('./commands/logs.ts')).logs(output, machine, name, options),
);

command<[], object>(
  'doctor',
  'find out what this host can do, and what it lacks',
  (own) => own,
  async (output) => (await import('./commands/doctor.ts')).doctor(output),
);

command<[string?], object>(
  'init',
  'write a first bottle.yaml',
  (own) => own.argument('[directory]', 'where; this directory unless given'),
  async (output, [directory]) => (await import('./commands/init.ts')).init(output, directory),
);

command<[], object>(
  'schema',
  'print the JSON Schema of the file, for editors',
  (own) => own,
  async (output) => (await import('./commands/schema.ts')).schema(output),
);

// Listed here for `--help`; it is carried out below, with the other half of it.
program
  .command('completion')
  .argument('<shell>', 'bash, zsh or fish')
  .description('print a completion script: `source <(bottle completion bash)`');

program
  .command('keeper', { hidden: true })
  .argument('<directory>')
  .action(async (directory: string) => (await import('../backend/process/keeper-daemon.ts')).runKeeper(directory));

/** Carries out what the command line says, and sets the exit code. */
export async function main(): Promise<void> {
  try {
    // `completion SHELL` prints a script; the script asks `complete -- WORDS` for each tab.
    const [word = '', ...more] = process.argv.slice(2);
    const isHelp = word === 'completion' && more.some((one) => one === '--help' || one === '-h');
    if (['complete', 'completion'].includes(word) && !isHelp) await (await import('./completion.ts')).completion(program, process.argv);
    else await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exitCode = exitCodes.ok;
    // Help that nobody asked for has been printed.
    else if (error.code === 'commander.help') process.exitCode = exitCodes.usage;
    else process.exitCode = (await import('./misuse.ts')).showMisuse(error, program, process.argv.slice(2));
  }
}
