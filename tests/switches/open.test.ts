import { test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { forget, lookInto } from './two-switches.ts';

test('switches of Open vSwitch show whom they remember, for how long, and what passes them', { timeout: 180_000 }, () =>
  inPrivateHost({}, async (host) => {
    await lookInto(host, bottleIn(host), 'ovs');
    await forget(host, bottleIn(host), 'ovs', 15);
  }),
);
