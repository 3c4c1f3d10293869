import { describe, expect, test } from 'vitest';
import { quickTree } from './quick-yaml.ts';
import { TextPosition } from './text-position.ts';
import { readYaml } from './yaml.ts';

const full = (text: string) => readYaml(text, new TextPosition('bottle.yaml', text));

describe('the quick reader gives what the full reader gives for', () => {
  test.each([
    [
      'maps below one another',
      'name: corp\nnetworks:\n  lan:\n    subnet: 10.1.0.0/24\n    mtu: 1500\n  dmz:\n    subnet: fd00:1::/64\nlinks:\nmachines: {}\n',
    ],
    ['flow collections', 'a: { b: 10.1.0.0/24, c: [x, "y z", \'w\'], d: { e: [] } } # and a comment\n'],
    ['lists', 'a:\n  - x\n  - [y, z]\nb:\n- 1\n- c -> d\n'],
    ['comments and empty lines', '# one\n\na: b # two\n  # three\n\nc: # four\n    # five\n  d: e#f\n'],
    ['arrows, ports and times', 'hub -> jump: ssh\nd: tcp/8000-8100\nm: 02:00:00:00:00:01\nt: 10.1\n'.replace('t: 10.1\n', '')],
    ['no line break at the end', 'a: b'],
  ])('%s', (_what, text) => {
    const quick = quickTree(text);
    expect(quick).toBeDefined();
    expect(quick).toEqual(full(text).root);
    expect(full(text).diagnostics).toEqual([]);
  });
});

describe('the quick reader leaves to the full one', () => {
  test.each([
    'a: &x b',
    'a: *x',
    'a: !x y',
    '<<: b',
    'a: |\n  b',
    'a: b\n  c',
    'a: "b\\n"',
    "a: 'b''c'",
    'a: 1.5',
    'a: 0x1f',
    'a: 007',
    'a: .inf',
    'a: ~',
    'a: true',
    'a: null',
    '{ a: b }',
    '- a',
    'a',
    '',
    '# a',
    'a: b: c',
    'a:\n  - b: c',
    'a: { b }',
    'a: { b: }',
    'a: [b: c]',
    'a: [fd00::, c]',
    'a: fd00::',
    'a: [b',
    'a: "b',
    'a: {b: c}}',
    'a: b\na: c',
    'a:\tb',
    'a: b\r\n',
    'ä: b',
    '__proto__: b',
    '---\na: b',
    '%YAML 1.2',
    'a: b\n c: d',
    '  a: b\nc: d',
    '? a',
    '"a": b',
    'a: { "b": c }',
    'a: "b": c',
    'a : b',
    'a:b',
    'a: [b,]',
    'a: [,]',
    'a: "b"c',
    'a: [b]c',
    'a: [b]#c',
    'a: -',
    'a: @b',
  ])('%j', (text) => {
    expect(quickTree(text)).toBeUndefined();
  });
});
