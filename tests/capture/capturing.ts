/** A `bottle capture` that runs while something is sent, and the file that it writes. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../cli/bottle.ts';
import type { CommandOptions, PrivateHost } from '../host-state/host.ts';
import { type CaptureFile, readCapture } from './read-pcapng.ts';

export interface Capturing {
  readonly path: string;
  /** What it has told so far. */
  told(): string;
  /** Is back when it has told something that matches. */
  tells(pattern: RegExp): Promise<void>;
  /** The file as it is by now. */
  file(): CaptureFile;
  /** Its exit code once it has ended. */
  readonly ended: Promise<number | null>;
  /** Sends it a signal, TERM unless given, and gives its exit code. */
  stop(signal?: 'TERM' | 'INT' | 'KILL'): Promise<number | null>;
}

let count = 0;

/** Is back when it captures. */
export async function capturing(
  host: PrivateHost,
  bottle: string,
  words: readonly string[],
  { into, ...options }: CommandOptions & { readonly into?: string } = {},
  start: readonly string[] = program,
): Promise<Capturing> {
  const path = into ?? join(options.cwd ?? host.directory, `capture-${++count}.pcapng`);
  const child = host.start(['sh', '-c', 'echo "process $$"; exec "$@"', 'sh', ...start, 'capture', '-b', bottle, '-w', path, ...words], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let [said, told] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const tells = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(told)) return;
        child.stderr?.off('data', look);
        resolve();
      };
      child.stderr?.on('data', look);
      void ended.then((code) => reject(new Error(`capture ended with ${code}: ${told}`)));
      look();
    });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  await tells(/: capturing /);
  return {
    path,
    told: () => told,
    tells,
    file: () => readCapture(readFileSync(path)),
    ended,
    stop: async (signal = 'TERM') => {
      await host.run(['kill', `-${signal}`, /process (\d+)/.exec(said)?.[1] ?? '']);
      return await ended;
    },
  };
}
