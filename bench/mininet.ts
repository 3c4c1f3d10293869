import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Contender, Figures } from './contender.ts';
import { namespacesInMemory, untilFreed } from './freed.ts';

/** Debian's interpreter, for which Debian's package is. */
const PYTHON = '/usr/bin/python3';
const PROGRAM = join(import.meta.dirname, 'mininet-star.py');

/** What is lacking for a run with Mininet; undefined when nothing is. */
export function mininetLacks(): string | undefined {
  if (spawnSync(PYTHON, ['-c', 'import mininet.net']).status !== 0) return 'the Debian package mininet';
  const programs = { mnexec: 'mininet', ifconfig: 'net-tools', brctl: 'bridge-utils' };
  const [missing] = Object.entries(programs).filter(([program]) => spawnSync('which', [program]).status !== 0);
  return missing === undefined ? undefined : `the Debian package ${missing[1]}`;
}

/**
 * Mininet makes its switches where it is started: in a network namespace of its own here, so that your host has none of
 * it and whatever a run that breaks off leaves is gone with it. Its peak memory is that of its process and of the shell
 * that it keeps for each host.
 */
export const mininet: Contender = mininetOn('linux');

/** Where it is started instead: in a namespace that there is, with an Open vSwitch that answers. */
interface Surroundings {
  readonly namespace: string;
  readonly environment: NodeJS.ProcessEnv;
}

export function mininetOn(kind: 'linux' | 'ovs', surroundings?: Surroundings): Contender {
  const start = surroundings === undefined ? ['unshare', '--net'] : ['nsenter', `--net=${surroundings.namespace}`];
  return {
    name: 'Mininet',
    most: 1000,
    measure: (count) => measure([...start, PYTHON, PROGRAM, String(count), kind], surroundings?.environment),
  };
}

async function measure([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv | undefined): Promise<Figures> {
  const before = namespacesInMemory();
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(env === undefined ? {} : { env }) });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (expected: string): Promise<readonly number[]> => {
    const { value = 'nothing' } = (await lines.next()) as { value?: string };
    const [word, ...numbers] = value.split(' ');
    if (word !== expected) throw new Error(`Mininet said ${value}, not ${expected}:\n${complaints}`);
    return numbers.map(Number);
  };
  try {
    const [peak = 0] = await answer('ready');
    const up = (performance.now() - started) / 1000;
    child.stdin.write('ping\n');
    await answer('ping-ok');
    child.stdin.write('memory\n');
    const [shells = 0] = await answer('memory');
    const stopping = performance.now();
    child.stdin.write('stop\n');
    await answer('stopped');
    await ended;
    const down = (performance.now() - stopping) / 1000;
    await untilFreed(before);
    return {
      up: { seconds: up, peak: (peak + shells) * 1024 },
      down: { seconds: down },
      freed: { seconds: (performance.now() - stopping) / 1000 },
    };
  } finally {
    // Its shells end with the terminals that it held.
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  }
}
