/**
 * Runs a command in Debian's kernel, for what this machine's kernel lacks: `npm run stock -- [--timeout=SECONDS] COMMAND…`
 * Its exit status is the command's, 125 if the guest did not boot, 124 if it took longer than the 600 seconds it has.
 */
import { setup as build } from '../../scripts/build-first.ts';
import { inGuest } from './guest.ts';

const words = process.argv.slice(2);
const given = /^--timeout=(\d+)$/.exec(words[0] ?? '');
const command = given === null ? words : words.slice(1);
const seconds = Number(given?.[1] ?? 600);
if (command.length === 0) {
  console.error('npm run stock -- [--timeout=SECONDS] COMMAND…');
  process.exit(125);
}

build();
const began = performance.now();
const guest = await inGuest(command, { stdout: process.stdout, stderr: process.stderr, timeout: seconds * 1000, directory: process.cwd() });
const late = performance.now() - began >= seconds * 1000;
if (guest.status === undefined) {
  console.error(late ? `The guest was ended after ${seconds} s.` : 'The guest did not boot, or died. Its console:');
  console.error(guest.console);
}
process.exitCode = guest.status ?? (late ? 124 : 125);
