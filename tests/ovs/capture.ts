import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { namespacePath } from '../../src/backend/home.ts';
import type { Lab } from './lab.ts';

export interface Capture {
  /** Lines of tcpdump -e so far. */
  lines(): readonly string[];
  /** Waits until a line like this has come. */
  sees(pattern: RegExp): Promise<void>;
  end(): Promise<void>;
}

/** Frames that come in on a device, with their Ethernet headers. Is back when it listens. */
export async function capture(lab: Lab, machine: string, device: string, filter = ''): Promise<Capture> {
  const path = namespacePath(lab.home, lab.bottle, lab.namespace(machine));
  const args = [`--net=${path}`, 'tcpdump', '-i', device, '-Q', 'in', '-e', '-n', '-l', ...filter.split(' ').filter((word) => word !== '')];
  const child = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  await once(child.stderr, 'data');
  const lines = (): readonly string[] => seen.split('\n').filter((line) => line !== '');
  return {
    lines,
    sees: async (pattern) => void (await expect.poll(lines).toEqual(expect.arrayContaining([expect.stringMatching(pattern)]))),
    end: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
