import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { inGuest } from './guest.ts';
import { guests } from './list.ts';

const root = join(import.meta.dirname, '..', '..');

interface Ran {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly console: string;
}

async function run(command: readonly string[], timeout: number): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const guest = await inGuest(command, { stdout, stderr, timeout, directory: root });
  stdout.end();
  stderr.end();
  const [said, complained] = await printed;
  return { ...guest, stdout: said, stderr: complained };
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const MINUTE = 60_000;

test.concurrent.each(guests)('what this machine’s kernel lacks passes in Debian’s: $what', { timeout: 26 * MINUTE }, async ({ files }) => {
  // Emulated, everything takes several times as long, also to start a worker for each file; and where the clock leaps, what has a limit is late.
  const patience = ['--testTimeout=600000', '--hookTimeout=600000', '--no-isolate', '--retry=1'];
  const vitest = ['node_modules/.bin/vitest', 'run', '--project=kernel', '--reporter=json', ...patience];
  const { status, stdout, stderr, console } = await run([...vitest, ...files], 25 * MINUTE);
  expect(stdout, `${stderr}\n${console}`).toContain('testResults');
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  const failed = testResults.flatMap(({ name, status: outcome, message, assertionResults }) => {
    const tests = assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${one.fullName}: ${one.failureMessages.join('\n')}`);
    return tests.length === 0 && outcome === 'failed' ? [`${name}: ${message}`] : tests;
  });
  expect(failed).toEqual([]);
  expect(testResults.map(({ name }) => relative(root, name)).sort()).toEqual(files.toSorted());
  expect(status, stderr).toBe(0);
});

test('a command runs there with the host’s programs and files; what it writes does not come back', { timeout: 2 * MINUTE }, async () => {
  const line = 'uname -r; cat package.json; echo to the side >&2; echo changed > package.json; touch made; exit 7';
  const before = readFileSync(join(root, 'package.json'), 'utf8');
  const { status, stdout, stderr } = await run(['sh', '-c', line], MINUTE);
  expect({ status, stderr }).toEqual({ status: 7, stderr: 'to the side\n' });
  expect(stdout).toMatch(/^\d+\.\d+\S*-cloud-amd64\n/);
  expect(stdout).toContain(before);
  expect(readFileSync(join(root, 'package.json'), 'utf8')).toBe(before);
  expect(existsSync(join(root, 'made'))).toBe(false);
});

/** Those that a process has started, and those that they have. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), parent: Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]) }];
      } catch {
        return []; // gone meanwhile
      }
    });
  const below = (one: number): readonly number[] =>
    parents.filter(({ parent }) => parent === one).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
};

test('nothing outlives a command that is killed', { timeout: 2 * MINUTE }, async () => {
  const jiti = join(root, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
  const stock: ChildProcess = spawn(process.execPath, [jiti, join(import.meta.dirname, 'run.ts'), 'sleep', '1000'], {
    cwd: root,
    stdio: 'ignore',
  });
  const started = (): readonly number[] => descendants(stock.pid ?? 0);
  await expect.poll(() => started().map(commandOf).join(' ')).toMatch(/qemu-system/);
  const all = started();
  expect(all.map(commandOf).join(' ')).toContain('virtiofsd');
  stock.kill('SIGKILL');
  await once(stock, 'exit');
  await expect.poll(() => all.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});
