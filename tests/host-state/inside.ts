import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { CommandOptions, Finished, RunOptions } from './host.ts';

/** Of this process, with the folders of system programs on the PATH. */
export const environment = (added: CommandOptions['env'] = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
  ...added,
});

/** Starts a command in the namespaces of process `pid`; it does not outlive the returned process. */
export function inside(
  pid: number,
  command: readonly string[],
  { env, cwd = '/', user, stdio = 'pipe' }: CommandOptions & Pick<SpawnOptions, 'stdio'>,
): ChildProcess {
  const who = user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const enter = ['-t', String(pid), '--net', '--mount', '--pid', 'env', `--chdir=${cwd}`, 'setpriv', '--pdeathsig=KILL', ...who, '--'];
  return spawn('nsenter', [...enter, ...command], { env: environment(env), stdio });
}

/** Feeds a command its input and waits for it. */
export function finish(child: ChildProcess, { input = '', timeout = 60_000 }: RunOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    const limit = setTimeout(() => {
      output.stderr += `killed after ${timeout} ms\n`;
      child.kill('SIGKILL');
    }, timeout);
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const patience = setTimeout(() => {
        output.stderr += 'what it started still holds its output open\n';
        resolve({ status, ...output });
      }, 5_000);
      child.on('close', () => {
        clearTimeout(patience);
        resolve({ status, ...output });
      });
    });
    // A command may end without having read all of it.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
