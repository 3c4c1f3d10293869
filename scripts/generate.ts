/**
 * Writes the files that are made from the source: the reference of the file format, the page of error codes and the
 * JSON Schema. With `--check` writes nothing, and fails when one differs from what is on the disk.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ovsCodes } from '../src/backend/ovs/ovs-error.ts';
import { processCodes } from '../src/backend/process/process-error.ts';
import { rootlessCodes } from '../src/backend/rootless/rootless-error.ts';
import { engineCodes } from '../src/engine/codes.ts';
import { codesPage } from './codes-page.ts';
import { bottleJsonSchema } from './json-schema.ts';
import { referencePage } from './reference-page.ts';

const root = join(import.meta.dirname, '..');
const generated: Readonly<Record<string, string>> = {
  'docs/file.md': referencePage(),
  'docs/errors.md': codesPage([
    { title: 'Carrying out a command', codes: engineCodes },
    { title: 'Processes in machines', codes: processCodes },
    { title: 'Open vSwitch', codes: ovsCodes },
    { title: 'Without root', codes: rootlessCodes },
  ]),
  'schema/bottle.schema.json': `${JSON.stringify(bottleJsonSchema(), undefined, 2)}\n`,
};

const check = process.argv.includes('--check');
const stale = Object.entries(generated).filter(([file, text]) => text !== onDisk(file));
for (const [file, text] of stale) {
  if (check) {
    process.stderr.write(`${file} is not what the source makes it: run \`npm run generate\`\n`);
  } else {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    process.stdout.write(`${file} written\n`);
  }
}
if (check && stale.length > 0) process.exitCode = 1;

function onDisk(file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
