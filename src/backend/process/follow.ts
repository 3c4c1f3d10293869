import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface Ended {
  /** As shells have it: 128 and the signal's number after a signal, 127 for a program not found, 126 for one that cannot run. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

export type Stream = 'inherit' | 'ignore' | 'pipe' | number;

const PASSED_ON: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** A terminal sends these to the whole foreground group: the command has them already, and decides what they mean. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** Runs a program in the foreground: passes signals on to it, and gives its end as a shell would. */
export async function follow(
  file: string,
  args: readonly string[],
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly stdio: readonly Stream[];
    /** Whether standard input is a terminal. */
    readonly tty: boolean;
    readonly started?: (child: ChildProcess) => void;
  },
): Promise<Ended> {
  const child = spawn(file, args, { env: { ...options.environment }, stdio: [...options.stdio] });
  options.started?.(child);
  const pass = (name: NodeJS.Signals): void => {
    if (!options.tty || !FROM_TERMINAL.has(name)) child.kill(name);
  };
  for (const name of PASSED_ON) process.on(name, pass);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal }));
    });
  } finally {
    for (const name of PASSED_ON) process.off(name, pass);
  }
}
