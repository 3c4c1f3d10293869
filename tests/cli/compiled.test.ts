import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const forged = version.replaceAll(/\d/g, '7');
const NOBODY = 65534;

describe('the code that V8 has compiled the program to', () => {
  let directory: string;
  let dist: string;
  let cache: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netbottle-compiled-'));
    chmodSync(directory, 0o755);
    dist = join(directory, 'dist');
    cache = join(dist, '.cache');
    for (const file of ['bottle.js', 'program.js', 'package.json']) cpSync(join(root, 'dist', file), join(dist, file));
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function bottle(words: readonly string[], uid = 0): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'bottle.js'), ...words], {
      cwd: '/',
      encoding: 'utf8',
      uid,
      gid: uid,
    });
    return { status, stdout: stdout.trim(), stderr };
  }
  const says = (uid = 0): string => {
    const { status, stdout, stderr } = bottle(['--version'], uid);
    return status === 0 && stderr === '' ? stdout : stderr;
  };
  const file = (): string => join(cache, readdirSync(cache)[0] ?? '');

  const checksum = (code: Uint8Array): number => crc32(code, crc32(readFileSync(join(dist, 'program.js'))));

  /** Leaves code that says that it is another version, with the checksum that the real program's would have. */
  function forge(): void {
    const program = join(dist, 'program.js');
    const real = readFileSync(program);
    writeFileSync(program, real.toString().replace(`"${version}"`, `"${forged}"`));
    expect(says()).toBe(forged);
    writeFileSync(program, real);
    const bytes = readFileSync(file());
    bytes.writeUInt32LE(checksum(bytes.subarray(4)));
    writeFileSync(file(), bytes);
  }

  test('is kept by the first who runs it, and used by all who follow', () => {
    expect(existsSync(cache)).toBe(false);
    forge();
    expect(readdirSync(cache)).toHaveLength(1);
    expect(says()).toBe(forged);
    expect(says(NOBODY)).toBe(forged);
  });

  test.each<[string, (path: string) => void]>([
    ['cut off', (path) => truncateSync(path, 1_000_000)],
    ['empty', (path) => truncateSync(path, 0)],
    ['only a checksum', (path) => truncateSync(path, 4)],
    [
      'changed in one bit',
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, at) => (at === 500_000 ? byte ^ 1 : byte)),
        ),
    ],
    ['of another program', (path) => writeFileSync(path, Buffer.concat([Buffer.from([1, 2, 3, 4]), readFileSync(path).subarray(4)]))],
  ])('is written anew when it is %s', (_how, damage) => {
    expect(says()).toBe(version);
    damage(file());
    expect(says()).toBe(version);
    const bytes = readFileSync(file());
    expect(bytes.readUInt32LE(0)).toBe(checksum(bytes.subarray(4)));
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    ['is of somebody else', () => chownSync(file(), NOBODY, NOBODY)],
    ['can be written by a group', () => chmodSync(file(), 0o664)],
    ['can be written by everybody', () => chmodSync(file(), 0o646)],
    ['is in a directory of somebody else', () => chownSync(cache, NOBODY, NOBODY)],
    ['is in a directory that everybody can write to', () => chmodSync(cache, 0o1777)],
    [
      'is a link',
      () => {
        const [from, to] = [file(), join(directory, 'elsewhere')];
        renameSync(from, to);
        symlinkSync(to, from);
      },
    ],
    [
      'is behind a link',
      () => {
        const to = join(directory, 'elsewhere');
        renameSync(cache, to);
        symlinkSync(to, cache);
        lchownSync(cache, NOBODY, NOBODY);
      },
    ],
  ])('is not run when it %s', (_what, tamper) => {
    forge();
    expect(says()).toBe(forged);
    tamper();
    expect(says()).toBe(version);
  });

  test('is written by nobody but the owner of the program', () => {
    chownSync(join(dist, 'program.js'), NOBODY, NOBODY);
    expect(says()).toBe(version);
    expect(existsSync(cache)).toBe(false);
    chownSync(dist, NOBODY, NOBODY);
    expect(says(NOBODY)).toBe(version);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('is done without where nothing can be written', () => {
    const readOnly = ['unshare', '--mount', 'sh', '-c', 'mount --bind -o ro "$0" "$0" && exec "$@"', dist];
    const [command = '', ...words] = [...readOnly, process.execPath, join(dist, 'bottle.js'), '--version'];
    expect(spawnSync(command, words, { cwd: '/', encoding: 'utf8' })).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(existsSync(cache)).toBe(false);
  });

  test('is that of the thread of a bottle.ts, too', () => {
    const program = join(directory, 'bottle.ts');
    writeFileSync(
      program,
      `const networks: Record<string, object> = { lan: { subnet: '10.0.0.0/24' } };
      export default { name: 'thread', networks, machines: { a: { networks: { lan: 'auto' } }, b: { networks: { lan: 'auto' } } } };\n`,
    );
    mkdirSync(cache, { mode: 0o777 });
    chmodSync(cache, 0o777);
    for (const mode of [0o777, 0o755, 0o755]) {
      chmodSync(cache, mode);
      expect(bottle(['explain', 'a', 'b', 'ping', program])).toMatchObject({ status: 0, stderr: '' });
      expect(readdirSync(cache)).toHaveLength(mode === 0o777 ? 0 : 1);
    }
  });
});
