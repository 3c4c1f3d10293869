import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'watch.md'), 'utf8');

/** The units that the page shows, by name. */
const units = [...page.matchAll(/`\/etc\/systemd\/system\/([^`]+)`:\n\n```ini\n([^`]*)```/g)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

test('the page shows a unit for the watch and one for the bottle', () => {
  expect(units.map(({ name }) => name)).toEqual(['bottle-watch@.service', 'bottle@.service']);
  expect(units[0]?.text).toMatch(/^ExecStart=\S+ watch %i\nRestart=on-failure$/m);
});

test.skipIf(spawnSync('systemd-analyze', ['--version']).error !== undefined)('systemd understands them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'units-'));
  try {
    // Where it is installed is not where it is tried.
    for (const { name, text } of units)
      writeFileSync(join(directory, name), text.replaceAll('/usr/local/bin/bottle', join(root, 'bottle')));
    for (const name of ['bottle-watch@corp.service', 'bottle@corp.service']) {
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', join(directory, name)], {
        encoding: 'utf8',
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${directory}:` },
      });
      expect({ name, status, said: stdout + stderr }).toEqual({ name, status: 0, said: '' });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
