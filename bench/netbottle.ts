import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contender, pingFrom, timed } from './contender.ts';
import { namespacesInMemory, untilFreed } from './freed.ts';
import { addressOf, BEYOND_GATEWAY, starFile } from './star-file.ts';

const BOTTLE = 'bench-star';
const PROGRAM = join(import.meta.dirname, '..', 'dist', 'bottle.js');

/** The program as it is installed. */
export const netbottle: Contender = {
  name: 'Netbottle',
  most: Number.POSITIVE_INFINITY,
  measure: async (count) => {
    const directory = mkdtempSync(join(tmpdir(), 'bench-netbottle-'));
    const bottle = (...words: readonly string[]) => timed([process.execPath, PROGRAM, ...words]);
    const fileOf = (size: number): string => {
      const file = join(directory, `${size}.yaml`);
      writeFileSync(file, starFile(BOTTLE, size));
      return file;
    };
    const before = namespacesInMemory();
    let standing = true;
    try {
      const up = await bottle('up', fileOf(count));
      await pingFrom(`/run/netbottle/${BOTTLE}/netns/${BOTTLE}.m1`, [addressOf(count - 1), BEYOND_GATEWAY]);
      const again = await bottle('up', fileOf(count));
      const grow = await bottle('up', fileOf(count + 1));
      const started = performance.now();
      const down = await bottle('down', '-y', BOTTLE);
      standing = false;
      await untilFreed(before);
      return { up, again, grow, down, freed: { seconds: (performance.now() - started) / 1000 } };
    } finally {
      if (standing) await bottle('down', '-y', BOTTLE);
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
