import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, unwatchFile, watchFile } from 'node:fs';
import { bottleDirectory } from '../../backend/home.ts';
import { logPath } from '../../backend/process/keeper-protocol.ts';
import { EngineError } from '../../engine/error.ts';
import { nodeOf, running } from '../../engine/running.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { home } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

/** Milliseconds between two looks at a log that is followed. */
const INTERVAL = 200;

export async function logs(
  terminal: Terminal,
  machine: string,
  name: string | undefined,
  { bottle: target, follow = false }: { readonly bottle?: string; readonly follow?: boolean },
): Promise<ExitCode> {
  const at = home();
  const { network, state } = running(at, await bottleNamed(target));
  const own = nodeOf(network, machine).processes.map((process) => process.name);
  const made = state.resources.flatMap((one) => (one.kind === 'process' && one.machine === machine ? [one.name] : []));
  const all = [...new Set([...own, ...made])];
  const processes = all.filter((process) => name === undefined || process === name);
  if (processes.length === 0)
    throw new EngineError('no-process', name === undefined ? `${machine} has no processes` : `${machine} has no process ${name}`, {
      remedy:
        all.length === 0 ? 'Only what `run:` starts writes a log; what `listen:` answers with does not.' : `It has: ${all.join(', ')}.`,
    });
  const paths = processes.map((process) => logPath(bottleDirectory(at, network.name), machine, process));
  for (const path of paths) if (existsSync(path)) terminal.out(readFileSync(path, 'utf8').trimEnd());
  if (follow) await Promise.all(paths.map(followed));
  return exitCodes.ok;
}

/** Until the command is stopped. A log that is cut short goes on from its beginning. */
function followed(path: string): Promise<never> {
  let read = existsSync(path) ? readFileSync(path).length : 0;
  const more = (): void => {
    if (!existsSync(path)) return;
    const fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(fd);
      if (size < read) read = 0;
      const buffer = Buffer.alloc(size - read);
      readSync(fd, buffer, 0, buffer.length, read);
      process.stdout.write(buffer);
      read = size;
    } finally {
      closeSync(fd);
    }
  };
  watchFile(path, { interval: INTERVAL }, more);
  return new Promise(() => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        unwatchFile(path);
        process.exit(exitCodes.interrupted);
      });
    }
  });
}
