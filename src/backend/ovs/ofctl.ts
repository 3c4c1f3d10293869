/** ovs-ofctl(8): OpenFlow 1.4 over a switch's own socket. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../../resource/resource.ts';
import { areRunning } from './daemons.ts';
import { OvsError } from './ovs-error.ts';
import type { Place } from './place.ts';

/** Milliseconds. */
const LIMIT = 30_000;
/** Milliseconds between two looks at whether there is still somebody to answer. */
const LOOK_AGAIN = 250;
const LARGEST_ANSWER = 256 * 1024 * 1024;

interface Answer {
  readonly code: number;
  readonly output: string;
  readonly words: string;
}

/** Whether the switch daemon has the switch. */
export const hasSocket = ({ run }: Place, bridge: string): boolean => existsSync(join(run, `${bridge}.mgmt`));

/** @throws OvsError `openflow-refused` where it cannot be run */
export async function ofctl(place: Place, ...args: readonly string[]): Promise<Answer> {
  const env = { ...process.env, OVS_RUNDIR: place.run };
  return await new Promise((resolve, reject) => {
    const child = execFile(
      'ovs-ofctl',
      ['-O', 'OpenFlow14', '--names', '-vconsole:off', '-vsyslog:off', ...args],
      { env, timeout: LIMIT, maxBuffer: LARGEST_ANSWER },
      (error, output, words) => {
        clearInterval(watching);
        if (error === null) resolve({ code: 0, output, words });
        else if (typeof error.code === 'number') resolve({ code: error.code, output, words });
        else reject(new OvsError('openflow-refused', `ovs-ofctl cannot be run: ${error.message}`, { cause: error }));
      },
    );
    // Without its database the switch daemon goes on, and answers nobody.
    const watching = setInterval(() => {
      if (place.namespace !== HOST && !areRunning(place)) child.kill();
    }, LOOK_AGAIN);
  });
}

/** Lets it read from a file, which it takes from nowhere else for some commands. */
export async function withLines<T>({ directory }: Place, lines: readonly string[], act: (path: string) => Promise<T>): Promise<T> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${randomUUID()}.flows`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  try {
    return await act(path);
  } finally {
    rmSync(path, { force: true });
  }
}
