/** A `bottle watch` that runs while something is tried, and what it says. */
import { once } from 'node:events';
import { program } from '../cli/bottle.ts';
import type { CommandOptions, PrivateHost } from '../host-state/host.ts';

interface Told {
  readonly event: 'watching' | 'repaired' | 'failed' | 'backing-off' | 'gone';
  readonly changes?: readonly { readonly identity: string; readonly action: string }[];
  readonly code?: string;
  readonly over?: string;
}

export interface Watcher {
  /** All that it told so far, oldest first. */
  told(): readonly Told[];
  /** Identities of all that it repaired, oldest first. */
  repaired(): readonly string[];
  /** Its exit code once it has ended. */
  readonly ended: Promise<number | null>;
  /** Sends it a signal that ends it, TERM unless given, and gives its exit code. */
  stop(signal?: 'TERM' | 'INT'): Promise<number | null>;
}

/** Is back when it watches. */
export async function watching(
  host: PrivateHost,
  name: string,
  options: CommandOptions = {},
  words: readonly string[] = program,
): Promise<Watcher> {
  const child = host.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...words, 'watch', '-o', 'json', name], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  /** Its process id, and then what it told. */
  let lines = '';
  const told = (): readonly Told[] =>
    lines
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Told);
  const first = new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      lines += text;
      if (told().length > 0) resolve();
    });
    void ended.then((code) => reject(new Error(`watch ended with ${code}: ${lines}`)));
  });
  await first;
  return {
    told,
    repaired: () => told().flatMap(({ event, changes = [] }) => (event === 'repaired' ? changes.map(({ identity }) => identity) : [])),
    ended,
    stop: async (signal = 'TERM') => {
      await host.run(['kill', `-${signal}`, lines.split('\n')[0] ?? '']);
      return await ended;
    },
  };
}
