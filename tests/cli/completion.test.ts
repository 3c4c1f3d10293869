import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bottleIn, write } from './bottle.ts';

const bottleOf = (name: string, machine: string): string =>
  `name: ${name}\nnetworks: { net: { subnet: 10.9.0.0/24 }, far: { subnet: 10.8.0.0/24 } }\nrouters: { ${name}-gate: { networks: { net: auto, far: auto } } }\nmachines: { ${machine}: { networks: { net: auto } } }\n`;

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, bottleOf('one', 'web')));
  await bottle.ok('up', write(host, bottleOf('two', 'mail'), 'two.yaml'));
  mkdirSync(join(host.directory, 'sub', 'below'), { recursive: true });
  for (const path of ['notes.txt', 'sub/bottle.ts', 'sub/other.ts', 'sub/below/bottle.yml']) writeFileSync(join(host.directory, path), '');
});

/** What a shell is offered for a line; the last word is the one under way. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const lines = (await bottle.ok('complete', '--', ...words)).split('\n').filter((line) => line.includes('\t'));
  return lines.map((line) => line.split('\t')[0] ?? '').toSorted();
}

test.each(['exec', 'shell', 'logs'])('%s is offered the machines of the bottle whose file is here', async (command) => {
  expect(await offered(command, '')).toEqual(['one-gate', 'web']);
});

test('show is offered what it can show of the bottle, and then of whom', async () => {
  const reports = ['conntrack', 'counters', 'flows', 'macs', 'neighbours', 'policy', 'routes'];
  expect(await offered('show', '')).toEqual([...reports, 'host', 'one-gate', 'web'].toSorted());
  expect(await offered('show', 'macs', '')).toEqual(['far', 'host', 'net', 'one-gate', 'web']);
});

test.each(['explain', 'trace'])('%s is offered who may send and who may be meant', async (command) => {
  expect(await offered(command, '')).toEqual(['host', 'one-gate', 'web']);
  expect(await offered(command, 'web', '')).toEqual(['host', 'one-gate', 'web']);
});

test('capture is offered networks and the host as well', async () => {
  expect(await offered('capture', '')).toEqual(['far', 'host', 'net', 'one-gate', 'web']);
  expect(await offered('capture', 'web', 'n')).toEqual(['net']);
});

test('machines are those of the bottle that is named', async () => {
  expect(await offered('exec', '-b', 'two', '')).toEqual(['mail', 'two-gate']);
  expect(await offered('exec', '-b', 'two', 'm')).toEqual(['mail']);
  expect(await offered('exec', '-b', '')).toEqual(['one', 'two']);
});

test.each(['up', 'plan'])('%s is offered bottle files, and those in directories', async (command) => {
  expect(await offered(command, '')).toEqual(['bottle.yaml', 'sub/', 'sub/below/', 'sub/bottle.ts', 'two.yaml']);
  expect(await offered(command, 'sub/')).toEqual(['sub/below/bottle.yml', 'sub/bottle.ts', 'sub/other.ts']);
  expect(await offered(command, './t')).toEqual(['./two.yaml']);
});

test('down is offered what runs, and files', async () => {
  expect(await offered('down', '')).toEqual(expect.arrayContaining(['one', 'two', 'two.yaml']));
});
