import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

/** The router sends by its address in the one network what it then translates into that in the other. */
const file = `name: translated
networks:
  near: { subnet: 10.0.0.0/24 }
  far: { subnet: 10.1.0.0/24, switch: sw }
  over: { subnet: [10.45.0.0/24, "fd00:45::/64"], overlay: { over: [near, far], id: 7 } }
# No veth vouches for what comes through it.
switches: { sw: { type: ovs } }
routers:
  gate: { networks: { near: 10.0.0.20, far: 10.1.0.20, over: [10.45.0.30, "fd00:45::30"] }, nat: { masquerade: far }, listen: http }
machines:
  asker: { networks: { far: 10.1.0.33, over: [10.45.0.33, "fd00:45::33"] } }
expect:
  asker -> gate: http
`;

// TCP whose checksum is left to the device is also left so inside of a tunnel, and NAT then spoils that of the packet around it.
test('connections through a tunnel whose packets are translated work, in both families', () =>
  inPrivateHost({}, async (host) => {
    expect(await bottleIn(host)(['up', '-y', write(host, file)])).toMatchObject({ status: 0 });
  }));
