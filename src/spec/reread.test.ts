import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reread } from './reread.ts';
import { TextPosition } from './text-position.ts';
import { plain } from './tree.ts';
import { stretchesOf, treeOf } from './tree-stretches.ts';
import { readYaml } from './yaml.ts';

const read = (text: string) => readYaml(text, new TextPosition('bottle.yaml', text));

/** What is read of the second by way of the first; undefined where that is left to `readYaml`. */
function byWayOf(first: string, second: string) {
  const { root, diagnostics } = read(first);
  return root === undefined || diagnostics.length > 0 ? undefined : reread({ text: first, root }, second);
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const before = lines(
  'name: lab',
  'networks:',
  '  lan: {}',
  '',
  'machines:',
  '  web: { networks: [lan] }',
  '  db:',
  '    networks: [lan]',
  'expect: []',
);

describe('of a text that differs in an entry', () => {
  test.each([
    ['one more', before.replace('  db:', '  mail: {}\n  db:')],
    ['one more, the last', before.replace('expect', '  mail: {}\nexpect')],
    ['one less', before.replace('  db:\n    networks: [lan]\n', '')],
    ['another value', before.replace('    networks: [lan]', '    networks: [lan, dmz]')],
    ['one with comments', before.replace('  db:', '  # mail\n\n  mail: { networks: [lan] } # too\n  db:')],
    ['a longer one of another block', before.replace('  lan: {}', '  lan: {}\n  dmz:\n    subnet: 10.0.0.0/24')],
  ])('the rest is not read again: %s', (_, after) => {
    expect(byWayOf(before, after)).toEqual(read(after).root);
    expect(byWayOf(after, before)).toEqual(read(before).root);
  });

  test.each([
    ['a name that is there', before.replace('  db:', '  web: {}\n  db:')],
    ['a name that is there below', before.replace('  web: {', '  db: {}\n  web: {')],
    ['a block of its own', before.replace('  db:', 'services: {}\nmore:\n  db:')],
    ['a quote that is left open', before.replace('  db:', '  mail: "\n  db:')],
    ['a bracket that is left open', before.replace('  db:', '  mail: [\n  db:')],
    ['the end of the document', before.replace('  db:', '...\n  db:')],
    ['another document', before.replace('  db:', '---\n  db:')],
    ['an anchor', before.replace('  db:', '  mail: &a {}\n  db:')],
    ['another depth', before.replace('  db:', '   db:')],
    ['the first of a block', before.replace('  web: {', '  www: {')],
    ['a key of the root', before.replace('expect', 'services')],
  ])('all of it is read where it might be otherwise: %s', (_, after) => {
    expect(byWayOf(before, after)).toBeUndefined();
  });
});

test('whatever was changed, it is what reading all of it gives', () => {
  const value = fc.constantFrom(
    '{}',
    '',
    '1',
    'text',
    '"a b"',
    "'it''s'",
    '[a, b]',
    '{ a: 1, b: [2] }',
    '|\n    two\n    lines',
    '>-\n    one\n\n    line',
    '\n    a: 1\n    b: [x]',
    '\n    - a\n    - b: 1',
    'more\n    text',
  );
  const key = fc.constantFrom('a', 'b', 'web', '"q"', '10', '3', 'true', 'x.y');
  const entry = fc.tuple(key, value, fc.constantFrom('', ' # note', '\n\n', '\n  # note')).map(([k, v, tail]) => `  ${k}: ${v}${tail}`);
  const section = fc
    .tuple(fc.constantFrom('machines', 'networks', 'x', '7'), fc.array(entry, { maxLength: 6 }))
    .map(([k, all]) => [`${k}:`, ...all].join('\n'));
  const text = fc.array(section, { minLength: 1, maxLength: 3 }).map((all) => `${all.join('\n')}\n`);
  const put = fc.oneof(
    entry.map((one) => `${one}\n`),
    fc.constantFrom(
      '',
      '"',
      "'",
      '[',
      '}',
      ':',
      ' ',
      '  ',
      '\n',
      '- ',
      '? ',
      '#',
      '|',
      '---\n',
      '...\n',
      '%YAML\n',
      'z:\n',
      '\t',
      '\r\n',
      '&a ',
      '*a',
      '!x ',
    ),
  );
  let known = 0;
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(20), put, fc.boolean(), (old, at, length, inserted, atLine) => {
      const anywhere = at % (old.length + 1);
      const place = atLine ? old.lastIndexOf('\n', anywhere) + 1 : anywhere;
      const changed = old.slice(0, place) + inserted + old.slice(place + (atLine ? 0 : length));
      const root = byWayOf(old, changed);
      if (root === undefined) return;
      known++;
      expect({ root, diagnostics: [] }).toEqual(read(changed));
    }),
    { numRuns: 4000 },
  );
  expect(known).toBeGreaterThan(100);
});

test('a tree is made again from its data and its numbers', () => {
  for (const text of [before, lines('b: 1', '2: [x, { y: }]', '1: { 10: a, 9: }', 'a: null')]) {
    const { root } = read(text);
    if (root === undefined) throw new Error('not read');
    expect(treeOf(JSON.parse(JSON.stringify(plain(root))), stretchesOf(root))).toEqual(root);
  }
});
