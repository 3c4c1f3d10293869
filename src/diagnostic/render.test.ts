import { describe, expect, test } from 'vitest';
import type { Diagnostic } from './diagnostic.ts';
import { countDiagnostics, type Palette, renderDiagnostic, renderDiagnostics } from './render.ts';

const at = (line: number, column: number, length: number, endLine = line) => ({
  file: 'bottle.yaml',
  line,
  column,
  endLine,
  endColumn: column + length,
});
const error = (change: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'unknown-key',
  severity: 'error',
  message: 'what is wrong',
  ...change,
});
const render = (diagnostic: Diagnostic, text: string, width?: number) =>
  renderDiagnostic(diagnostic, { textOf: () => text, ...(width !== undefined && { width }) });

describe('one diagnostic as text', () => {
  test('has its place, its code, the line with the part underlined, and the remedy', () => {
    expect(render(error({ place: at(2, 3, 6), remedy: 'Do this.' }), 'networks:\n  subent: x\n')).toBe(
      ['bottle.yaml:2:3: error[unknown-key]: what is wrong', '    2 |   subent: x', '      |   ^^^^^^', '  help: Do this.'].join('\n'),
    );
  });

  test('shows related places with their own lines', () => {
    const related = [{ message: 'the first is here', place: at(1, 1, 1) }];
    expect(render(error({ place: at(2, 1, 1), related }), 'a: 1\na: 2\n')).toContain(
      '  bottle.yaml:1:1: the first is here\n    1 | a: 1\n      | ^',
    );
  });

  test('underlines only the first line of what goes over several', () => {
    expect(render(error({ place: at(1, 4, 1, 3) }), 'a: [1,\n  2,\n  3]\n')).toMatch(/1 \| a: \[1,\n {6}\| {4}\^\^\^$/);
  });

  test('names the file alone when the file as a whole is meant', () => {
    expect(render(error({ place: at(1, 1, 0) }), 'a: 1\n')).toBe('bottle.yaml: error[unknown-key]: what is wrong');
  });

  test('is the message alone when no place is known', () => {
    expect(render(error(), '')).toBe('error[unknown-key]: what is wrong');
  });

  test('cuts a long line around what is meant', () => {
    const shown = render(error({ place: at(1, 201, 3) }), `${'a'.repeat(200)}bad${'c'.repeat(200)}`, 40).split('\n');
    expect(shown[1]?.length).toBeLessThan(60);
    expect(shown[1]?.slice(shown[2]?.indexOf('^'), (shown[2]?.indexOf('^') ?? 0) + 3)).toBe('bad');
  });

  test('keeps the caret under wide characters, combining ones and tabs', () => {
    const [, line = '', caret = ''] = render(error({ place: at(1, 9, 1) }), '\t漢字e\u0301 🚀x').split('\n');
    expect(line).toContain('  漢字e\u0301 🚀x');
    expect(caret.indexOf('^') - '    1 | '.length).toBe('  '.length + 4 + 1 + 1 + 2);
  });

  test('lets nothing through that a terminal would obey', () => {
    const evil = '\u001b[31mred\u0007\u202e';
    const text = render(error({ message: evil, remedy: evil, place: at(1, 1, 3) }), `${evil}: 1\n`);
    for (const character of '\u001b\u0007\u202e') expect(text).not.toContain(character);
  });
});

test('colours come from the palette and nowhere else', () => {
  const palette: Palette = {
    error: (t) => `<e>${t}</e>`,
    warning: (t) => `<w>${t}</w>`,
    strong: (t) => `<b>${t}</b>`,
    faint: (t) => `<f>${t}</f>`,
  };
  const text = renderDiagnostics([error({ place: at(1, 1, 1) }), error({ severity: 'warning' })], { textOf: () => 'a: 1', palette });
  expect(text).toContain('<e>error[unknown-key]</e>: <b>what is wrong</b>');
  expect(text).toContain('<e>^</e>');
  expect(text).toContain('<w>warning[unknown-key]</w>');
});

test.each([
  [[], 'no errors'],
  [[error()], '1 error'],
  [[error(), error(), error({ severity: 'warning' })], '2 errors, 1 warning'],
  [[error({ severity: 'warning' }), error({ severity: 'warning' })], '2 warnings'],
] as const)('the summary counts errors and warnings', (diagnostics, summary) => {
  expect(countDiagnostics(diagnostics)).toBe(summary);
});
