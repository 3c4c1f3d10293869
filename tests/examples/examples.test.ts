import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { examplesOnlyInStockKernel } from '../stock-kernel/list.ts';
import { surround } from './surroundings.ts';

const folders = readdirSync(example(), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const filesOf = (folder: string): string[] => readdirSync(example(folder)).filter((name) => name.endsWith('.yaml') || name === 'bottle.ts');

/** A file that shows what goes wrong is warned of. */
const warning = (file: string) => (file === 'before.yaml' ? expect.stringContaining('warning[') : '');

interface Verdict {
  readonly text: string;
  readonly state: string;
}

/** Those that this kernel holds. */
const raised = folders.filter((folder) => !examplesOnlyInStockKernel.includes(folder));

test.each(folders)('%s says what it is, and holds a bottle', (folder) => {
  expect(existsSync(example(folder, 'README.md'))).toBe(true);
  expect(filesOf(folder)).toContainEqual(expect.stringMatching(/^bottle\.(yaml|ts)$/));
});

describe.each(raised.flatMap((folder) => filesOf(folder).map((file) => ({ folder, file, path: join(folder, file) }))))(
  '$path',
  ({ folder, file }) => {
    test('keeps its promises, needs nothing a second time, and goes without a trace', () =>
      inPrivateHost({}, async (host) => {
        const bottle = bottleIn(host);
        const path = example(folder, file);
        await surround(host, folder);
        const before = await host.state();

        const up = await bottle.json<{ changes: unknown[]; verdicts: Verdict[] }>(0, 'up', path);
        expect(up.changes).not.toEqual([]);
        expect(up.verdicts).not.toEqual([]);
        expect(up.verdicts.filter(({ state }) => state !== 'held')).toEqual([]);

        expect(await bottle(['up', path])).toMatchObject({
          status: 0,
          stdout: expect.stringContaining('Nothing to do'),
          stderr: warning(file),
        });
        expect(await bottle(['plan', path])).toMatchObject({
          status: 0,
          stdout: expect.stringContaining('Nothing to do'),
          stderr: warning(file),
        });
        expect(await bottle(['verify', path])).toMatchObject({ status: 0, stderr: '' });

        expect(await bottle(['down', '-y', path])).toMatchObject({ status: 0, stderr: '' });
        expect(differences(before, await host.state())).toEqual([]);
        expect(await sh(host, 'ls -d /run/netbottle 2>&1 || :')).toContain('No such file');
      }));
  },
);
