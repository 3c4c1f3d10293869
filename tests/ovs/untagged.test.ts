/** A network without a number that shares one switch with others, and is alone on the next, which may be one that knows no VLANs. */
import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = (trunk: string): string => `name: mixed
networks:
  other: { subnet: "fd00::/64", switch: s0, vlan: 2 }
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: [s2, s1, s0] }
machines:
  m0: { networks: { lan: { address: [10.1.0.20, "fd00:1::20"], switch: s0 } } }
  m1: { networks: { lan: { address: [10.1.0.21, "fd00:1::21"], switch: s1 } } }
  m2: { networks: { lan: { address: [10.1.0.22, "fd00:1::22"], switch: s2 } } }
  a: { networks: { other: auto } }
  b: { networks: { other: auto } }
switches:
  s0: { trunks: { s1: ${trunk} } }
  s1: { trunks: { s2: {} } }
  s2: { type: ovs }
expect:
  m0 -> m2: ping
  m2 -> m1: ping
  m1 -> m0: ping
  a -> b: ping
  a -> m0: nothing
`;

test.each(['{}', '{ native: lan }'])('it reaches all of its switches over a trunk: %s', (trunk) =>
  inPrivateHost({}, async (host) => {
    expect(await bottleIn(host)(['up', '-y', write(host, file(trunk))])).toMatchObject({ status: 0 });
  }),
);
