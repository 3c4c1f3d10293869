import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished, PrivateHost, RunOptions } from '../host-state/host.ts';

const root = join(import.meta.dirname, '..', '..');

/** What is run is the built program: `scripts/build-first.ts` makes it before the tests. */
export const program: readonly string[] = [process.execPath, join(root, 'dist', 'bottle.js')];

export const example = (...path: readonly string[]): string => join(root, 'examples', ...path);

/** Netbottle's command line in a private host, where it works in the directory that the test shares with the host. */
export interface Bottle {
  (words: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Expects exit code 0 and gives what was printed. */
  ok(...words: readonly string[]): Promise<string>;
  /** Runs a line of /bin/sh in a machine, and gives what it printed whatever came of it. */
  sh(name: string, machine: string, line: string): Promise<string>;
  /** Runs a command with `-o json`, which has to give the exit code. */
  json<T = Readonly<Record<string, unknown>>>(status: number, ...words: readonly string[]): Promise<T>;
}

export function bottleIn(host: PrivateHost, defaults: RunOptions = {}): Bottle {
  const run = (words: readonly string[], options: RunOptions = {}): Promise<Finished> =>
    host.run([...program, ...words], { cwd: host.directory, ...defaults, ...options });
  return Object.assign(run, {
    ok: async (...words: readonly string[]) => expectStatus(0, words.join(' '), await run(words)).stdout,
    sh: async (name: string, machine: string, line: string) => (await run(['exec', '-b', name, machine, '--', 'sh', '-c', line])).stdout,
    json: async <T>(status: number, ...words: readonly string[]) => {
      const { stdout } = expectStatus(status, words.join(' '), await run([...words, '-o', 'json']));
      return JSON.parse(stdout) as T;
    },
  });
}

/** Runs a line of /bin/sh on the host itself and gives what it printed; it has to succeed. */
export async function sh(host: PrivateHost, line: string): Promise<string> {
  return expectStatus(0, line, await host.run(['sh', '-euc', line])).stdout.trim();
}

/** Writes a bottle file, `bottle.yaml` unless named, into the directory that the host shares. */
export function write(host: PrivateHost, text: string, name = 'bottle.yaml'): string {
  const path = join(host.directory, name);
  writeFileSync(path, text);
  return path;
}

function expectStatus(expected: number, what: string, finished: Finished): Finished {
  const { status, stdout, stderr } = finished;
  if (status !== expected) throw new Error(`${what}: exit code ${status} instead of ${expected}\n${stdout}\n${stderr}`);
  return finished;
}
