import { isAbsolute, resolve } from 'node:path';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { RunSpec } from '../spec/schema/run.ts';
import type { ProcessSpec } from './network.ts';
import type { HostDraft } from './nodes.ts';
import type { Report } from './report.ts';

type OneRun = Exclude<RunSpec, string>[string];

/**
 * The long-running commands of a node. One written as a single line is called `run`.
 *
 * @param directory what relative directories start from: that of the bottle file
 */
export function readProcesses(node: HostDraft, directory: string, report: Report): readonly ProcessSpec[] {
  const spec = node.spec.run;
  const origin = [...node.origin, 'run'];
  if (spec === undefined) return [];
  if (typeof spec === 'string') return [readProcess('run', spec, origin, directory, report)];
  return Object.entries(spec).map(([name, one]) => readProcess(name, one, [...origin, name], directory, report));
}

function readProcess(name: string, spec: OneRun, origin: Origin, base: string, report: Report): ProcessSpec {
  const plain = typeof spec === 'string' ? { command: spec } : spec;
  const command = typeof plain.command === 'string' ? ['/bin/sh', '-c', plain.command] : [...plain.command];
  checkCommand(plain.command, typeof spec === 'string' ? origin : [...origin, 'command'], report);
  const environment = Object.entries(plain.environment ?? {}).map(([key, value]): [string, string] => {
    checkVariable(key, String(value), [...origin, 'environment', key], report);
    return [key, String(value)];
  });
  const directory = plain.directory ?? '.';
  if (directory.includes('\0') || directory === '') {
    report.error('bad-directory', [...origin, 'directory'], 'the working directory is empty or holds a zero byte', {
      remedy: 'Write a path, or leave it out for that of the bottle file.',
    });
  }
  return {
    name,
    command,
    environment: Object.fromEntries(environment),
    directory: isAbsolute(directory) ? directory : resolve(base, directory),
    restart: plain.restart ?? 'never',
    origin,
  };
}

function checkCommand(command: string | readonly string[], origin: Origin, report: Report): void {
  const parts = typeof command === 'string' ? [command] : command;
  if ((parts[0] ?? '').trim() === '') {
    report.error('bad-command', origin, 'the command is empty', {
      remedy: 'Write a line for the shell, such as `python3 -m http.server 80`, or leave `run:` out.',
    });
  } else if (parts.some((part) => part.includes('\0'))) {
    report.error('bad-command', origin, 'the command holds a zero byte, which no program can be given', { remedy: 'Take it out.' });
  }
}

function checkVariable(key: string, value: string, origin: Origin, report: Report): void {
  if (/^[^=\0]+$/.test(key) && !value.includes('\0')) return;
  report.error(
    'bad-variable',
    origin,
    'the name of an environment variable cannot be empty or hold `=`, and neither name nor value a zero byte',
    {
      at: 'key',
      remedy: 'Take another name, such as `APP_PORT`.',
    },
  );
}
