import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Contender, pingFrom, timed } from './contender.ts';
import { namespacesInMemory, untilFreed } from './freed.ts';
import { addressOf, BEYOND_GATEWAY } from './star-file.ts';

/** Below node_modules, from where it finds the one package that is not bundled. */
const PROGRAM = join(import.meta.dirname, '..', 'node_modules', '.cache', 'bench', 'bare-star.js');

/** Where Netbottle has its own, too: in memory. */
const DIRECTORY = '/run/bare-star';

/** Bundled as the program itself is, so that both start alike. */
async function bundle(): Promise<void> {
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, 'bare-star.ts')],
    outfile: PROGRAM,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi'],
    logLevel: 'warning',
  });
}

let bundled: Promise<void> | undefined;

/** The same kernel objects by straight calls: what a program without a plan needs. */
export const bare: Contender = {
  name: 'bare loop',
  most: Number.POSITIVE_INFINITY,
  measure: async (count) => {
    bundled ??= bundle();
    await bundled;
    const before = namespacesInMemory();
    let standing = true;
    try {
      const up = await timed([process.execPath, PROGRAM, 'up', DIRECTORY, String(count)]);
      await pingFrom(join(DIRECTORY, 'm1'), [addressOf(count - 1), BEYOND_GATEWAY]);
      const started = performance.now();
      const down = await timed([process.execPath, PROGRAM, 'down', DIRECTORY]);
      standing = false;
      await untilFreed(before);
      return { up, down, freed: { seconds: (performance.now() - started) / 1000 } };
    } finally {
      if (standing) await timed([process.execPath, PROGRAM, 'down', DIRECTORY]);
    }
  },
};
