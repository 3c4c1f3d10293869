import { test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { lookInto } from './two-switches.ts';

test('bridges that filter VLANs show whom they remember, and what passes them', () =>
  inPrivateHost({}, (host) => lookInto(host, bottleIn(host, { timeout: 120_000 }), 'linux')));
