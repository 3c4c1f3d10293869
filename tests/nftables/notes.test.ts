import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bottleIn, program, sh, write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = `
name: small
networks:
  front: { subnet: 10.1.0.0/24, mode: nat }
machines:
  a: { networks: { front: auto } }
`;

/** `bottle plan` where nft cannot be asked. */
async function planWithoutNft(host: PrivateHost, path: string): Promise<number | null> {
  writeFileSync(join(host.directory, 'libnftables.so.1'), '');
  const { status } = await host.run(['env', `LD_LIBRARY_PATH=${host.directory}`, ...program, 'plan', path], { cwd: host.directory });
  return status;
}

test('tables that nobody has changed since are not listed again', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, file);
    await bottle.ok('up', '--no-verify', path);
    expect(await planWithoutNft(host, path)).toBe(0);
    await sh(host, 'nft add table inet theirs');
    expect(await planWithoutNft(host, path)).toBe(1);
    expect(await bottle.ok('plan', path)).toContain('Nothing to do');
  }));

test.each(['nothing of it is JSON', '{}', 'null', '{"boot":"$boot","namespaces":{"":3,"host":{"generation":null,"digests":[]}}}'])(
  'notes that are damaged are no notes: %s',
  (text) =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      const path = write(host, file);
      await bottle.ok('up', '--no-verify', path);
      await sh(host, `boot=$(cat /proc/sys/kernel/random/boot_id); cat > /run/netbottle/small/tables.json <<END\n${text}\nEND`);
      await sh(host, 'nft flush map inet netbottle-small into');
      expect(await bottle(['plan', path])).toMatchObject({ status: 2, stderr: '' });
      await bottle.ok('up', '--no-verify', path);
      expect(await planWithoutNft(host, path)).toBe(0);
    }),
);

test('notes of before the host was started anew are not believed', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, file);
    await bottle.ok('up', '--no-verify', path);
    await sh(host, `sed -i 's/"boot":"[^"]*"/"boot":"another"/' /run/netbottle/small/tables.json`);
    expect(await planWithoutNft(host, path)).toBe(1);
  }));
