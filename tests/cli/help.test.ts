import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { program } from './bottle.ts';

const [node = '', ...words] = program;
// The width is that of the terminal.
const env = { ...process.env, COLUMNS: '80', NO_COLOR: '1' };
const help = (...command: readonly string[]): string => execFileSync(node, [...words, ...command, '--help'], { env, encoding: 'utf8' });

const overview = help();
const commands = [...overview.slice(overview.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);

test('bottle --help', () => {
  expect(overview).toMatchSnapshot();
});

test('every command of the design is there', () => {
  expect(commands).toEqual(expect.arrayContaining('up down plan ls show exec shell logs verify doctor init schema'.split(' ')));
});

describe.each(commands.filter((name) => name !== 'help'))('bottle %s --help', (name) => {
  test('says what it does and takes', () => {
    expect(help(name)).toMatchSnapshot();
  });
});

test('without a command, the same is printed as an error', () => {
  const { status, stdout, stderr } = spawnSync(node, words, { env, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 64, stdout: '', stderr: overview });
});

test.each(['bash', 'zsh', 'fish'])('completion for %s is a script', (shell) => {
  expect(execFileSync(node, [...words, 'completion', shell], { encoding: 'utf8' })).toMatch(/bottle/);
});
