import { expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { crossFullSized } from './full-sized.ts';

test.each(['vxlan', 'vxlan-multicast', 'vxlan-mesh'])('%s: the largest packets cross, and none is cut on its way', (name) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = example(name, 'bottle.yaml');
    await bottle.ok('up', '--no-verify', path);
    const { pings, large, ...rest } = await crossFullSized(host, path);
    expect(rest).toEqual({ lost: [], fragments: [] });
    // Question and answer, at both ends.
    expect(large).toBeGreaterThanOrEqual(4 * pings);
    await bottle.ok('down', '-y', path);
  }),
);
