import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Guest {
  /** Goes by the exit status of the command; undefined if the guest did not get that far, or took too long. */
  readonly status: number | undefined;
  /** What its kernel, and whoever set it up, had to say. */
  readonly console: string;
}

export interface GuestOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Milliseconds after which it is ended. */
  readonly timeout: number;
  readonly directory: string;
}

/**
 * Runs a command with the host's programs and files in Debian's kernel. What it writes stays in the guest.
 * All of it ends when this process does, however that happens: each process is killed with the one that started it.
 */
export function inGuest(command: readonly string[], { stdout, stderr, timeout, directory }: GuestOptions): Promise<Guest> {
  const kernel = execFileSync(join(import.meta.dirname, 'fetch.sh'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  return new Promise((resolve, reject) => {
    const child = spawn(
      'setpriv',
      ['--pdeathsig=KILL', ...namespaces, 'bash', join(import.meta.dirname, 'host.sh'), kernel, directory, ...command],
      {
        env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
        // Node makes connected sockets of these, which QEMU takes as they are.
        stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe', 'pipe', 'pipe'],
      },
    );
    const [, , , output, errors, end, serial] = child.stdio as unknown as readonly Readable[];
    output?.pipe(stdout, { end: false });
    errors?.pipe(stderr, { end: false });
    let status = '';
    end?.setEncoding('utf8').on('data', (text: string) => (status += text));
    let console = '';
    serial?.setEncoding('utf8').on('data', (text: string) => (console += text));
    const limit = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      resolve({ status: /^\d+\n$/.test(status) ? Number(status) : undefined, console });
    });
  });
}
