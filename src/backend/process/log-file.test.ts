import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastLines, openLog } from './log-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netbottle-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('keeps its end when it is full, and goes on at its start', () => {
  const log = openLog(join(directory, 'logs/app.log'));
  writeSync(log.descriptor, 'an old line\n');
  log.rotate(100);
  expect(readFileSync(log.path, 'utf8')).toBe('an old line\n');
  for (let i = 0; i < 20; i += 1) writeSync(log.descriptor, `line number ${i}\n`);
  log.rotate(100);
  writeSync(log.descriptor, 'a new line\n');
  log.close();
  expect(readFileSync(log.path, 'utf8')).toBe('a new line\n');
  const kept = readFileSync(`${log.path}.1`, 'utf8');
  expect(kept).toHaveLength(100);
  expect(kept).toMatch(/line number 19\n$/);
});

it('gives the last lines of a process without what the keeper noted, and none where there is no log', () => {
  const log = openLog(join(directory, 'app.log'));
  log.note('started as process 1');
  writeSync(log.descriptor, 'one\ntwo\nthree\n');
  log.note('ended with code 1');
  log.close();
  expect(lastLines(log.path, 2)).toEqual(['two', 'three']);
  expect(lastLines(join(directory, 'no.log'), 2)).toEqual([]);
});

it('gives none of the lines before a place in the log, and all of a log that began anew since', () => {
  const log = openLog(join(directory, 'app.log'));
  writeSync(log.descriptor, 'of an earlier one\n');
  const from = log.size();
  expect(lastLines(log.path, 2, from)).toEqual([]);
  writeSync(log.descriptor, 'its own\n');
  expect(lastLines(log.path, 2, from)).toEqual(['its own']);
  log.rotate(1);
  writeSync(log.descriptor, 'anew\n');
  log.close();
  expect(lastLines(log.path, 2, from)).toEqual(['anew']);
});
