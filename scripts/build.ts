/**
 * Builds the program into `dist`: `bottle.js`, which is what is run, `program.js`, which is all the rest, and beside it the code
 * that V8 has compiled it to.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { notices } from './notices.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; dependencies: Record<string, string> };

/** What this build takes, another may refuse: what one has read is not kept for another. */
function digestOfSources(): string {
  const files = ['src', 'schema'].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
  );
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...files.sort()])
    if (statSync(join(root, file)).isFile()) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const result = await build({
  absWorkingDir: root,
  entryPoints: { bottle: 'src/cli/bottle.ts', program: 'src/cli/start.ts' },
  outdir: 'dist',
  bundle: true,
  // What V8 has compiled can be kept only of a script, which has neither `import` nor `import.meta`.
  format: 'cjs',
  supported: { 'dynamic-import': false },
  platform: 'node',
  target: 'node20.19',
  external: Object.keys(manifest.dependencies),
  define: {
    NETBOTTLE_VERSION: JSON.stringify(manifest.version),
    NETBOTTLE_BUILD: JSON.stringify(digestOfSources()),
    'import.meta.filename': '__filename',
  },
  // Reading and decoding it is a part of each command, and one sign outside of ASCII in a comment doubles what V8 keeps of it.
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: 'warning',
});
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'THIRD-PARTY.txt'), notices(root, Object.keys(result.metafile.inputs)));
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');

// Each in one step, and the entry last: a command that starts meanwhile finds the old build, or the new one.
const files = result.outputFiles.toSorted((a, b) => Number(basename(a.path) === 'bottle.js') - Number(basename(b.path) === 'bottle.js'));
for (const file of files) {
  writeFileSync(`${file.path}.new`, file.contents);
  renameSync(`${file.path}.new`, file.path);
}

const current = new Set(['package.json', 'THIRD-PARTY.txt', ...files.map((file) => basename(file.path))]);
for (const name of readdirSync(dist).filter((name) => !current.has(name))) rmSync(join(dist, name), { recursive: true, force: true });

// Whoever runs it first, and may write here, has it compiled for all who follow.
execFileSync(process.execPath, [join(dist, 'bottle.js'), '--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
