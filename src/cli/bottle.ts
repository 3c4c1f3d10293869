#!/usr/bin/env node
/** The first file that runs. Small, so that what is large can come out of Node's compile cache. */
import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Netbottle needs Node.js 20.19 or later; this is ${process.versions.node}.\n`);
  process.exit(1);
}

// From Node 22.1 on.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

await import('./main.ts');
