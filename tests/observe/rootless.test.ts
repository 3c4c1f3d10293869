import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the same probes work in a user namespace, where one is root over nothing else', () => {
  const program = fileURLToPath(new URL('rootless-program.ts', import.meta.url));
  const script = `mount -t tmpfs tmpfs /run && exec "${process.execPath}" --import jiti/register "${program}"`;
  const output = execFileSync('unshare', ['--user', '--map-root-user', '--net', '--mount', 'sh', '-c', script], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([Array(6).fill('answered'), Array(6).fill('unreachable')]);
});
