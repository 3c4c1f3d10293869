#!/usr/bin/env node
/** The first file that runs. Small, so that what is large can be had compiled. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compiled } from './compiled.ts';
import { optimizeLate } from './optimize-late.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Netbottle needs Node.js 20.19 or later; this is ${process.versions.node}.\n`);
  process.exit(1);
}

optimizeLate();
const file = import.meta.filename;
const program = { exports: {} as { readonly start?: () => Promise<void> } };
// It is told that it is this file, so that its threads begin here too, and have it compiled.
compiled(join(dirname(file), 'program.js'), join(dirname(file), '.cache'))(program.exports, createRequire(file), program, file);
void program.exports.start?.();
