import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadBottle, parseBottle } from './load.ts';
import { loadProgram } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'netbottle-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const codesOf = async (path: string) => (await loadBottle(path)).diagnostics.map((one) => one.code);
const small = { name: 'corp', networks: { lan: { subnet: '10.1.0.0/24' } } };

describe('a file is read', () => {
  test.each(['bottle.yaml', 'bottle.yml', 'bottle.json', 'bottle'])('as YAML when it is called %s', async (name) => {
    const { file, diagnostics } = await loadBottle(write(name, JSON.stringify(small)));
    expect(diagnostics).toEqual([]);
    expect(file).toEqual(small);
  });

  test.each([
    ['an object', `export default ${JSON.stringify(small)};`],
    ['a function', `const name: string = 'corp';\nexport default () => ({ name, networks: { lan: { subnet: '10.1.0.0/24' } } });`],
    ['an async function', `export default async () => (${JSON.stringify(small)});`],
    ['a promise', `export default Promise.resolve(${JSON.stringify(small)});`],
  ])('as a program whose default export is %s', async (_what, program) => {
    const { file, diagnostics, source } = await loadBottle(write('bottle.ts', program));
    expect(diagnostics).toEqual([]);
    expect(file).toEqual(small);
    expect(source.kind).toBe('program');
  });

  test.each(['bottle.js', 'bottle.mjs', 'bottle.mts'])('as a program when it is called %s', async (name) => {
    expect((await loadBottle(write(name, `export default ${JSON.stringify(small)};`))).file).toEqual(small);
  });

  test('again when a program has changed', async () => {
    const path = write('changing.ts', `export default { name: 'one' };`);
    expect((await loadBottle(path)).file?.name).toBe('one');
    write('changing.ts', `export default { name: 'two' };`);
    expect((await loadBottle(path)).file?.name).toBe('two');
  });
});

describe('a file that cannot be read is said to be', () => {
  test.each([
    ['missing', 'none.yaml', 'file-not-found'],
    ['below a file', 'bottle.yaml/none.yaml', 'file-not-found'],
    ['a directory', '.', 'file-unreadable'],
  ])('%s', async (_what, name, code) => {
    write('bottle.yaml', 'name: corp\n');
    expect(await codesOf(join(directory, name))).toEqual([code]);
  });

  test('of a kind that is not read', async () => {
    expect(await codesOf(write('bottle.toml', 'name = "corp"\n'))).toEqual(['file-kind']);
  });

  test('too large, from 5 MB on', async () => {
    expect(await codesOf(write('large.yaml', Buffer.alloc(10_000_000, '# ')))).toEqual(['file-too-large']);
    expect(await codesOf(write('large.ts', Buffer.alloc(5_000_001, '//')))).toEqual(['file-too-large']);
    expect(await codesOf(write('comments.yaml', Buffer.alloc(5_000_000, '#')))).toEqual(['file-empty']);
  });

  test('not text', async () => {
    expect(await codesOf(write('binary.ts', new Uint8Array([0xff, 0xfe, 0x00])))).toEqual(['file-not-text']);
  });
});

describe('a program that fails', () => {
  const said = async (program: string) => (await loadBottle(write('failing.ts', program))).diagnostics;

  test('is shown at the line that threw', async () => {
    const [diagnostic] = await said(`interface A { x: number }\n\nexport default () => {\n  throw new Error('no such luck');\n};\n`);
    expect(diagnostic).toMatchObject({ code: 'program-failed', message: 'the program failed: no such luck', place: { line: 4 } });
  });

  test('is shown at the line that cannot be compiled', async () => {
    const [diagnostic] = await said(`export default {\n  name: 'corp',\n  networks: { ]\n};\n`);
    expect(diagnostic).toMatchObject({ code: 'program-failed', place: { line: 3 } });
  });

  test.each([
    [`throw 'text';`, 'program-failed'],
    [`import { nothing } from './not-there.ts';\nexport default nothing;`, 'program-failed'],
    [`export const bottle = {};`, 'program-result'],
    [`export default undefined;`, 'program-result'],
    [`export default () => null;`, 'program-result'],
    [`export default 5;`, 'wrong-type'],
    [`export default { name: 'corp', networks: new Map() };`, 'program-result'],
    [`export default { name: 'corp', description: () => 'x' };`, 'program-result'],
    [`const a: unknown[] = []; a.push(a); export default { name: 'corp', groups: { all: a } };`, 'program-result'],
    [`export default { name: 'corp', networks: { lan: { subnet: '10.1.0.0/24', mtu: NaN } } };`, 'program-result'],
    [`export default JSON.parse('{ "name": "corp", "__proto__": {} }');`, 'reserved-key'],
    [
      `let a: unknown = 'x'; for (let i = 0; i < 60; i++) a = [a, a, a]; export default { name: 'corp', groups: { all: a } };`,
      'wrong-type',
    ],
  ])('says why: %s', async (program, code) => {
    expect((await said(program)).map((one) => one.code)).toContain(code);
  });

  test('is stopped when it loops for ever', async () => {
    const program = 'export default () => { for (;;); };';
    const { diagnostics } = await loadProgram(write('endless.ts', program), program, 1000);
    expect(diagnostics).toMatchObject([{ code: 'program-failed', message: 'the program was stopped after 1 s without a result' }]);
  });

  test.each(['process.exit(0);', 'export default new Promise(() => {});'])('says that it ended too early: %s', async (program) => {
    expect(await said(program)).toMatchObject([{ code: 'program-failed', message: 'the program ended before it gave its result' }]);
  });

  test('shows the line of a key that stands in it once, and of the part above where it does not', async () => {
    const lines = [
      'const networks = {',
      "  lan: { subent: '10.1.0.0/24' },",
      "  dmz: { ['m' + 'tu']: 'x' },",
      '};',
      "export default { name: 'corp', networks };",
    ];
    expect((await said(lines.join('\n'))).map(({ place, message }) => `${place?.line}:${place?.column} ${message.split(':')[0]}`)).toEqual([
      '2:10 networks.lan.subent',
      '3:3 networks.dmz',
      '3:3 networks.dmz.mtu',
    ]);
  });

  test('is right in the rest, which leaves its thread without what is wrong', async () => {
    const program = `const lan = { subnet: '10.1.0.0/24', mtu: 'x' }; export default { name: 'Corp', networks: { lan }, links: 5 };`;
    const { sound } = await loadBottle(write('partly.ts', program));
    expect(sound?.file).toEqual({ name: 'bottle', networks: { lan: { subnet: '10.1.0.0/24' } } });
    expect(sound?.lost.map(({ origin }) => origin.join('.'))).toEqual(['networks.lan.mtu', 'links']);
  });

  test('says which part is wrong, for it has no lines', async () => {
    const [diagnostic] = await said(`export default { name: 'corp', networks: { lan: { subent: '10.1.0.0/24' } } };`);
    expect(diagnostic?.message).toBe('networks.lan.subent: unknown key `subent` in network `lan`');
  });
});

describe('a text that was made to do harm', () => {
  const codes = (text: string) => parseBottle(text, 'bottle.yaml').diagnostics.map((one) => one.code);

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['closed brackets', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['dashes', `${'- '.repeat(100_000)}x`],
    ['question marks', `${'? '.repeat(100_000)}x`],
    ['indented keys', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('by %s inside one another is refused and does not exhaust the stack', (_what, text) => {
    expect(codes(text)).toEqual(['yaml-depth']);
  });

  test.each([
    ['commas', `a: [${','.repeat(1_000_000)}`],
    ['brackets that close nothing', '}'.repeat(200_000)],
    ['documents', '---\n'.repeat(100_000)],
    ['wrong keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: v\n`).join('')],
  ])('by very many %s gives few diagnostics and takes no great time', (_what, text) => {
    expect(codes(text).length).toBeLessThanOrEqual(501);
  });

  test('by aliases that explode is refused without expanding them', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `  g${index + 1}: &g${index + 1} [${Array(9).fill(`*g${index}`).join(', ')}]`);
    const found = codes(`name: corp\ngroups:\n  g0: &g0 [x]\n${lines.join('\n')}\n`);
    expect(new Set(found)).toEqual(new Set(['yaml-alias']));
  });

  test('does not reach the prototype of anything', () => {
    const found = codes(
      'name: corp\nnetworks:\n  __proto__: { subnet: 10.1.0.0/24, polluted: 1 }\nmachines:\n  constructor: { prototype: { polluted: 1 } }\n',
    );
    expect(found).toEqual(['reserved-key', 'reserved-key']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

test('many errors are said at once, in the order of the file', () => {
  const { file, diagnostics } = parseBottle('networks:\n  Lan: { subent: x }\nname: Corp\nfoo: 1\n', 'bottle.yaml');
  expect(file).toBeUndefined();
  expect(diagnostics.map((one) => `${one.place?.line} ${one.code}`)).toEqual([
    '2 bad-name',
    '2 unknown-key',
    '3 bad-name',
    '4 unknown-key',
  ]);
});
