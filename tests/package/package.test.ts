import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const example = join('examples', 'internal', 'bottle.yaml');

describe('the package, installed from its tarball', () => {
  let directory: string;
  let installed: string;
  let bottle: string;

  beforeAll(() => {
    directory = mkdtempSync('/tmp/netbottle-package-');
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: root });
    const [tarball = ''] = readdirSync(directory).filter((name) => name.endsWith('.tgz'));
    execFileSync('npm', ['install', '--silent', '--global', '--prefix', directory, join(directory, tarball)], { cwd: empty });
    installed = join(directory, 'lib', 'node_modules', 'netbottle');
    bottle = join(directory, 'bin', 'bottle');
  }, 300_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('runs, from any directory', () => {
    expect(execFileSync(bottle, ['--version'], { cwd: '/', encoding: 'utf8' }).trim()).toBe(manifest.version);
  });

  test('brings along only what it cannot contain', () => {
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.') && name !== '@koromix');
    expect(packages.sort()).toEqual(['jiti', 'koffi']);
  });

  test('has the program, the examples and the licences of all that is in it, and no source', () => {
    const top = readdirSync(installed);
    expect(top).toEqual(expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'dist', 'package.json']));
    expect(top.filter((name) => ['src', 'test', 'tests', 'scripts', 'bench'].includes(name))).toEqual([]);
    expect(existsSync(join(installed, 'dist', 'THIRD-PARTY.txt'))).toBe(true);
  });

  test.skipIf(!existsSync(join(root, example)))('raises a packaged example and leaves nothing of it', async () => {
    await inPrivateHost({ share: [directory] }, async (host) => {
      const before = await host.state();
      expect(await host.run([bottle, 'up', join(installed, example)], { cwd: '/' })).toMatchObject({ status: 0 });
      expect(await host.run([bottle, 'down', '-y', join(installed, example)], { cwd: '/' })).toMatchObject({ status: 0 });
      expect(differences(before, await host.state())).toEqual([]);
    });
  });
});
