import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'netbottle-prepare-'));
  for (const name of ['clone', 'other', 'bin']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'clone', 'package-lock.json'), '{}');
  writeFileSync(join(directory, 'other', 'theirs'), '');
  // As npm ci does: all goes that is there.
  const npm = join(directory, 'bin', 'npm');
  writeFileSync(npm, '#!/bin/sh\nrm -rf node_modules/*\n');
  chmodSync(npm, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('packages are not installed through a link into another clone', () => {
  const root = join(directory, 'clone');
  symlinkSync(join(directory, 'other'), join(root, 'node_modules'));
  const script = `set -eu; root=$1; . "$2"; prepare`;
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', root, join(import.meta.dirname, 'prepare.sh')], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(directory, 'bin')}:${process.env['PATH']}` },
  });
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('node_modules is a symbolic link') });
  expect(existsSync(join(directory, 'other', 'theirs'))).toBe(true);
});
