/** Routers that find the way themselves, in a ring of trunks of which each carries a network alone: the one that is blocked cuts its network in two. */
import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: cut
switches:
  s1: { type: ovs, stp: true, trunks: { s2: { allow: [n12] } } }
  s2: { type: ovs, stp: true, trunks: { s3: { allow: [n23] } } }
  s3: { type: ovs, stp: true, trunks: { s1: { allow: [n31] } } }
networks:
  n12: { subnet: 10.12.0.0/24, switch: [s1, s2], vlan: 12 }
  n23: { subnet: 10.23.0.0/24, switch: [s2, s3], vlan: 23 }
  n31: { subnet: 10.31.0.0/24, switch: [s3, s1], vlan: 31 }
  e1: { subnet: 10.1.0.0/24 }
  e2: { subnet: 10.2.0.0/24 }
  e3: { subnet: 10.3.0.0/24 }
routers:
  r1: { networks: { n12: { switch: s1 }, n31: { switch: s1 }, e1: auto }, ospf: {} }
  r2: { networks: { n12: { switch: s2 }, n23: { switch: s2 }, e2: auto }, ospf: {} }
  r3: { networks: { n23: { switch: s3 }, n31: { switch: s3 }, e3: auto }, ospf: {} }
machines:
  a: { networks: { e1: auto } }
  b: { networks: { e2: auto } }
  c: { networks: { e3: auto } }
expect:
  a -> b: ping
  b -> c: ping
  c -> a: ping
`;

interface Verified {
  readonly proofs: readonly { readonly state: string }[];
  readonly verdicts: readonly { readonly state: string }[];
}

test(
  'what they learn goes round the blocked trunk, and round one that is pulled out: proof and measurement agree',
  { timeout: 180_000 },
  () =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      await bottle.ok('up', write(host, text));
      await bottle.ok('link', '-b', 'cut', 's2/s3', 'down');
      const { proofs, verdicts } = await bottle.json<Verified>(0, 'verify', 'cut');
      expect(proofs.map(({ state }) => state)).toEqual(['proved', 'proved', 'proved']);
      expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held', 'held']);
      await bottle.ok('down', '-y', 'cut');
    }),
);
