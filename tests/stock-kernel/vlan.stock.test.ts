import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { attack, framesIn, twoSwitches } from '../examples/vlan-frames.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

test('on Linux bridges, with a native VLAN on the trunk, no frame gets into another VLAN, whatever tags it has', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 120_000 });
    const path = write(host, twoSwitches('linux', true));
    await bottle.ok('up', '--no-verify', path);
    expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
    const { g2, r1, r2, b1, b2 } = await attack(framesIn(host, 'vlans'), 'one');
    expect({ r1, r2, b1, b2 }).toEqual({ r1: [], r2: [], b1: [], b2: [] });
    expect(g2).toEqual(expect.arrayContaining(['plain', 'tagged 8100:100']));
    await bottle.ok('down', '-y', 'vlans');
  }));
