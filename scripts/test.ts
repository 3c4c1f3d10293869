/** Runs every check and test, and counts: the last line is `N passed, N failed`, where a check counts as one. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Count, count, type VitestReport } from './count.ts';

const root = join(import.meta.dirname, '..');
const selected = process.argv[2];

interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Runs a line of /bin/sh with the project's own programs on the PATH; `shown` lets its output through as it comes. */
function run(line: string, shown: boolean): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const path = `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    const child = spawn('/bin/sh', ['-c', line], {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code ?? 1, output }));
  });
}

async function check(name: string, line: string): Promise<Count> {
  const { status, output } = await run(line, false);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) console.log(`\n$ ${line}\n${output.trim()}\n`);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function checks(): Promise<Count[]> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const waiting = Object.entries(scripts).filter(
    ([name]) => name.startsWith('check:') && (name !== 'check:generated' || existsSync(join(root, 'scripts', 'generate.ts'))),
  );
  const counts: Count[] = [];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      counts.push(await check(one[0].slice('check:'.length), one[1]));
  };
  await Promise.all([next(), next()]);
  return counts;
}

async function vitest(options: string): Promise<Count> {
  const directory = mkdtempSync(join(tmpdir(), 'test-report-'));
  try {
    const file = join(directory, 'report.json');
    const { status } = await run(
      `vitest run --passWithNoTests --reporter=default --reporter=json --outputFile.json='${file}' ${options}`,
      true,
    );
    return count(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : undefined, status);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function everything(): Promise<Count[]> {
  switch (selected) {
    case undefined:
      return [...(await checks()), await vitest('--project unit'), await vitest('--project kernel')];
    case 'unit':
    case 'kernel':
      return [await vitest(`--project ${selected}`)];
    default:
      return [await vitest(`'${selected.replaceAll("'", "'\\''")}'`)];
  }
}

const counts = await everything();
const sum = (part: keyof Count): number => counts.reduce((total, one) => total + one[part], 0);
const skipped = sum('skipped');
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
