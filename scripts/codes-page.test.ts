import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('src', file))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const catalogues = sources.filter((file) => readFileSync(join(root, file), 'utf8').includes('satisfies Record<string, CodeEntry>'));

describe('every code that can be printed has an entry, and one only', () => {
  test.each(catalogues)('%s', async (file) => {
    const exported = (await import(join(root, file))) as Readonly<Record<string, unknown>>;
    const codes = Object.entries(exported).flatMap(([name, value]) => (/codes$/i.test(name) ? Object.keys(value as object) : []));
    expect(codes).not.toEqual([]);
    for (const code of codes) expect(page.split(`### \`${code}\`\n`), code).toHaveLength(2);
  });

  // The types let nothing else be thrown; a document of the kind `error` is written by hand.
  test('and so has one that is written as it is', () => {
    const written = readFileSync(join(root, 'src/cli/failure.ts'), 'utf8').matchAll(/(?:\?\? |code: )'([a-z-]+)'/g);
    const codes = [...written].map(([, code = '']) => code);
    expect(codes).toEqual(expect.arrayContaining(['file', 'internal']));
    for (const code of codes) expect(page).toContain(`### \`${code}\`\n`);
  });
});
