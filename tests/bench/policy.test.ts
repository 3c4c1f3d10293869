import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPrivateHost } from '../host-state/private-host.ts';

const root = join(import.meta.dirname, '..', '..');

test(
  'the benchmark of policies: all connections that both policies allow come through, and a change that allows a ping loses none',
  () =>
    inPrivateHost({}, async (host) => {
      const { status, stdout, stderr } = await host.run(
        [process.execPath, join(root, 'node_modules/jiti/lib/jiti-cli.mjs'), 'bench/policy.ts', '--quick'],
        {
          cwd: root,
          timeout: 170_000,
        },
      );
      expect(stderr).not.toContain('Error');
      expect(status).toBe(0);
      expect(stdout).toMatch(/\| from a network \| IPv6 \|/);
      const lost = [...stdout.matchAll(/^\| IPv[46] \| 2 \| [\d,]+ \| (\d+) \|/gm)].map(([, count]) => count);
      expect(lost).toEqual(['0', '0']);
    }),
  180_000,
);
