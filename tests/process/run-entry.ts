/** Runs a command in a machine with the standard streams that it was given itself: `run-entry.ts STATE_DIRECTORY NAMESPACE COMMAND…`. */
import { join } from 'node:path';
import { runInMachine } from '../../src/backend/process/run.ts';

const [stateDirectory = '', namespacePath = '', ...command] = process.argv.slice(2);
const { code } = await runInMachine({
  namespacePath,
  machine: 'web',
  bottle: 'corp',
  stateDirectory,
  hosts: join(stateDirectory, 'hosts'),
  resolver: join(stateDirectory, 'resolv'),
  mounts: [],
  directory: '/',
  command,
  tty: process.stdin.isTTY,
});
process.exitCode = code;
