/**
 * Builds the program into `dist`: `bottle.js`, which is what is run, and hashed chunks that it loads when they are wanted.
 * The chunks of earlier builds stay for a day, for processes that may still load them; `--clean` removes them at once.
 */
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
  entryPoints: { bottle: 'src/cli/bottle.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: Object.keys(manifest.dependencies),
  define: { NETBOTTLE_VERSION: JSON.stringify(manifest.version), NETBOTTLE_BUILD: JSON.stringify(digestOfSources()) },
  // Some bundled packages are CommonJS, and ask for Node's own modules with require().
  banner: { js: "import { createRequire as netbottleRequire } from 'node:module'; const require = netbottleRequire(import.meta.url);" },
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: 'warning',
});

mkdirSync(dist, { recursive: true });

// The entry last and in one step: a command that starts meanwhile finds the old build whole, or the new one.
const files = result.outputFiles.toSorted((a, b) => Number(basename(a.path) === 'bottle.js') - Number(basename(b.path) === 'bottle.js'));
for (const file of files) {
  writeFileSync(`${file.path}.new`, file.contents);
  renameSync(`${file.path}.new`, file.path);
}
writeFileSync(join(dist, 'THIRD-PARTY.txt'), notices(root, Object.keys(result.metafile.inputs)));

// Last, so that nothing is missing for a moment.
const current = new Set(['.cache', 'THIRD-PARTY.txt', ...files.map((file) => basename(file.path))]);
const oldest = process.argv.includes('--clean') ? Number.POSITIVE_INFINITY : Date.now() - 24 * 3600 * 1000;
for (const name of readdirSync(dist).filter((name) => !current.has(name))) {
  if (statSync(join(dist, name)).mtimeMs < oldest) rmSync(join(dist, name), { recursive: true });
}
