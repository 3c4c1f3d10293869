import { test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { goRound } from './ring.ts';

test.each([
  { what: 'bridges of Linux', type: 'linux', vlans: false },
  { what: 'switches of Open vSwitch, with VLANs', type: 'ovs', vlans: true },
] as const)(
  'in a ring of $what every frame comes once, and the port that the proof says is blocked',
  { timeout: 180_000 },
  ({ type, vlans }) => inPrivateHost({}, (host) => goRound(host, bottleIn(host), type, vlans)),
);
