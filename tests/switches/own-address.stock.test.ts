import { test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { answerAsHost } from './own-address.ts';

test('an address on a bridge that filters VLANs is the host’s, in its VLAN', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 240_000 });
    await answerAsHost(host, bottle, 'linux');
    await bottle.ok('down', '-y', 'own');
  }));
