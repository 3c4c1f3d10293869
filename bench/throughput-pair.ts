/** Two machines made from a bottle file, or by hand. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kind, PRELUDE, TARGET } from './throughput-kinds.ts';

const PROGRAM = join(import.meta.dirname, '..', 'dist', 'bottle.js');

export interface Pair {
  /** Paths of their namespaces. */
  readonly a: string;
  readonly b: string;
  end(): void;
}

/** @throws with the last line of what it wrote, when it ends with another status than 0 */
function run(command: readonly string[], environment: NodeJS.ProcessEnv = process.env): void {
  const [program = '', ...words] = command;
  // What stays in the background must not hold a pipe that we would wait for.
  const { status, stderr } = spawnSync(program, words, { env: environment, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim().split('\n')[0] ?? `${program} ended with ${status}`);
}

function whole(pair: Pair): Pair {
  try {
    run(['nsenter', `--net=${pair.a}`, 'ping', '-n', '-c1', '-W5', TARGET]);
    return pair;
  } catch {
    pair.end();
    throw new Error('a packet from one machine to the other is not answered');
  }
}

export function byBottle({ file }: Kind, index: number): Pair {
  const bottle = `bench-pair${index}`;
  const directory = mkdtempSync(join(tmpdir(), 'bench-throughput-'));
  const path = join(directory, 'bottle.yaml');
  writeFileSync(path, `name: ${bottle}\n${file}\n`);
  try {
    run([process.execPath, PROGRAM, 'up', path]);
  } finally {
    rmSync(directory, { recursive: true });
  }
  const of = (machine: string): string => `/run/netbottle/${bottle}/netns/${bottle}.${machine}`;
  return whole({ a: of('a'), b: of('b'), end: () => run([process.execPath, PROGRAM, 'down', '-y', bottle]) });
}

export function byHand({ hand }: Kind, index: number): Pair {
  const prefix = `hand${index}-`;
  const directory = mkdtempSync(join(tmpdir(), 'bench-throughput-'));
  const end = (): void => {
    for (const pid of pidsIn(join(directory, 'pids'))) ended(pid);
    for (const name of ['a', 'b', 'f']) spawnSync('ip', ['netns', 'delete', `${prefix}${name}`], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    run(['bash', '-c', `${PRELUDE}${hand}`], { ...process.env, P: prefix, RUN: directory });
  } catch (error) {
    end();
    throw error;
  }
  return whole({ a: `/run/netns/${prefix}a`, b: `/run/netns/${prefix}b`, end });
}

function pidsIn(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function ended(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
