import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivate } from './private-directory.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'netbottle-private-'));
});
afterEach(() => rmSync(base, { recursive: true }));

it('is for its user alone, also one that was open before', () => {
  makePrivate(join(base, 'new/deep'));
  expect(statSync(join(base, 'new/deep')).mode & 0o777).toBe(0o700);
  mkdirSync(join(base, 'open'), { mode: 0o755 });
  makePrivate(join(base, 'open'));
  expect(statSync(join(base, 'open')).mode & 0o777).toBe(0o700);
});

it('is never what somebody else put there', () => {
  mkdirSync(join(base, 'theirs'));
  expect(() => makePrivate(join(base, 'theirs'), 12345)).toThrow('belongs to user');
  symlinkSync(join(base, 'theirs'), join(base, 'link'));
  expect(() => makePrivate(join(base, 'link'))).toThrow('no directory');
  writeFileSync(join(base, 'file'), '');
  expect(() => makePrivate(join(base, 'file'))).toThrow('no directory');
});
