import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { bottleIn, example, sh } from './bottle.ts';

test('NETBOTTLE_STATE says where the notes are kept; nothing is anywhere else, and in the end nothing there', () =>
  inPrivateHost({}, async (host) => {
    const before = await host.state();
    const state = join(host.directory, 'notes', 'here');
    const bottle = bottleIn(host, { env: { NETBOTTLE_STATE: state } });
    await bottle.ok('up', example('corp', 'bottle.yaml'));
    expect(await sh(host, `ls ${state}`)).toContain('corp');
    expect(await sh(host, 'ls -d /run/netbottle || :')).toBe('');
    expect(await bottleIn(host).ok('ls')).toBe('No bottle is running.\n');
    expect(await bottle.ok('ls')).toContain('corp');
    await bottle.ok('down', '-y', 'corp');
    expect(await sh(host, `ls -d ${state} || :`)).toBe('');
    await sh(host, `rmdir ${join(host.directory, 'notes')}`);
    expect(differences(before, await host.state())).toEqual([]);
  }));
