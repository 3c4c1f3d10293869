import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examine } from './examine.ts';

const here = import.meta.dirname;
const cases = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** `UPDATE=1` writes what is said now. Read every changed line before it is committed: the messages are the product. */
const update = process.env['UPDATE'] === '1';

describe('what is said of a wrong file', () => {
  for (const { name } of cases) {
    test(name, async () => {
      const said = await examine(join(here, name), 'bottle.yaml');
      const file = join(here, name, 'expected.txt');
      if (update) writeFileSync(file, said);
      expect(said).toBe(readFileSync(file, 'utf8'));
    });
  }
});
