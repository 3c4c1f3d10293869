/** Overlays over overlays. */

import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const text = `name: lab
networks:
  lan: { subnet: 10.1.0.0/24 }
  outer: { subnet: 10.2.0.0/24, overlay: { over: lan, id: 1 } }
  inner: { subnet: [10.3.0.0/24, fd00:3::/64], overlay: { over: outer, id: 2, group: 239.1.1.1 } }
machines:
  one: { networks: { lan: 10.1.0.11, outer: 10.2.0.11, inner: [10.3.0.11, fd00:3::11] } }
  two: { networks: { lan: 10.1.0.12, outer: 10.2.0.12, inner: [10.3.0.12, fd00:3::12] } }
expect:
  one -> two: [ping, tcp/80]
`;

const host = hostForAll();
const bottle = bottleIn(host);

test('a device that sits on another, which is made along with it, is made after it', async () => {
  await bottle.ok('up', write(host, text));
  expect(await bottle.ok('plan', 'bottle.yaml')).toContain('Nothing to do');
  expect(await bottle.sh('lab', 'one', 'ip -d link show inner')).toMatch(/vxlan id 2 group 239\.1\.1\.1 local 10\.2\.0\.11 dev outer/);
});
