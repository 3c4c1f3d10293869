#!/usr/bin/env node
/** The first file that runs. Small, so that what is large can come out of Node's compile cache. */
import { statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Netbottle needs Node.js 20.19 or later; this is ${process.versions.node}.\n`);
  process.exit(1);
}

// From Node 22.1 on. Only in a directory of one's own: what lies there is run.
const { enableCompileCache } = module as { enableCompileCache?: (directory: string) => void };
if (enableCompileCache !== undefined && statSync(import.meta.dirname).uid === process.getuid?.()) {
  enableCompileCache(join(import.meta.dirname, '.cache'));
}

// Whoever reads the results may stop, as `head` does; what is under way is finished nevertheless.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Nothing is left to do then. Without it Node takes the heap apart piece by piece, which is 20 ms after a large network.
process.once('beforeExit', () => process.exit());

await import('./main.ts');
