/** Routers say to machines that there is a shorter way; machines stay on the way of the file, which is the one that was proved. */

import { beforeAll, expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const text = `name: lab
networks:
  lan: { subnet: 10.1.0.0/24 }
  far: { subnet: 10.2.0.0/24 }
  side: { subnet: 10.3.0.0/24 }
routers:
  first: { networks: { lan: 10.1.0.1, side: auto } }
  second: { networks: { lan: 10.1.0.2, far: 10.2.0.1 } }
machines:
  one: { networks: { lan: 10.1.0.11 }, routes: { 10.2.0.0/24: first } }
  two: { networks: { far: 10.2.0.12 } }
`;

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, text));
});

test('a redirect changes no way', async () => {
  const heard =
    'said=$(mktemp); timeout 30 tcpdump -ni lan -c 1 -l "icmp[icmptype] == icmp-redirect" 2> $said & until grep -q listening $said; do sleep 0.05; done; ping -c 5 -i 0.3 10.2.0.12 > /dev/null; wait; rm $said';
  // That there was one to obey.
  expect(await bottle.sh('lab', 'one', heard)).toContain('redirect');
  expect(await bottle.sh('lab', 'one', 'ip route get 10.2.0.12')).toContain('via 10.1.0.1 ');
});
