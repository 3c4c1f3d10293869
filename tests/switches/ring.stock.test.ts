import { test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { goRound } from './ring.ts';

test('in a ring of bridges that filter VLANs every frame comes once, and the proof says which VLAN the blocked port cuts', () =>
  inPrivateHost({}, (host) => goRound(host, bottleIn(host, { timeout: 240_000 }), 'linux', true)));
