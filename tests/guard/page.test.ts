import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainLies } from './lies.ts';

const page = join(import.meta.dirname, '..', '..', 'docs', 'guards.md');

/** With `UPDATE_GUARDS=1` the table is written anew. */
test('docs/guards.md lists the lies that are tried', () => {
  const rows = plainLies.map(({ name, stop, source, hidden }) => `| ${name}${hidden === undefined ? '' : ' *'} | ${stop} | ${source} |`);
  const table = ['| lie | what stops it | |', '| --- | --- | --- |', ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  const between = /(?<=<!-- lies -->\n\n)[\s\S]*(?=\n\n<!-- end of lies -->)/;
  if (process.env['UPDATE_GUARDS'] === '1')
    writeFileSync(
      page,
      text.replace(between, () => table),
    );
  else expect(between.exec(text)?.[0]).toBe(table);
});
