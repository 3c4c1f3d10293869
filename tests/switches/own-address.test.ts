import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { answerAsHost, changeVlan } from './own-address.ts';

test('an address on a switch of Open vSwitch is the host’s, in its VLAN, and goes without a trace', { timeout: 180_000 }, () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const before = await host.state();
    await answerAsHost(host, bottle, 'ovs');
    await changeVlan(host, bottle, 'ovs');
    await bottle.ok('down', '-y', 'own');
    expect(differences(before, await host.state())).toEqual([]);
  }),
);

const inMachines = `name: inside
networks:
  wire: { subnet: 192.168.50.0/24 }
  green: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: [one, two], vlan: 100 }
  red: { subnet: 10.2.0.0/24, switch: [one, two], vlan: 200 }
switches:
  one: { type: ovs, machine: boxa, trunks: { two: { over: wire, id: 7 } }, address: [10.1.0.1, 10.2.0.1] }
  two: { type: ovs, machine: boxb }
machines:
  boxa: { networks: { wire: auto }, listen: http }
  boxb: { networks: { wire: auto } }
  g1: { networks: { green: { switch: one } } }
  g2: { networks: { green: { switch: two } } }
  r2: { networks: { red: { address: 10.2.0.9, switch: two } }, listen: http }
expect:
  green -> 10.1.0.1: [ping, http]
  boxa -> r2: [ping, http]
  r2 -> 10.1.0.1: nothing
  boxb -> red: nothing
`;

interface Said {
  readonly text: string;
  readonly state: string;
}

interface Shown {
  readonly nodes: readonly {
    readonly links: readonly { readonly network: string; readonly mtu: number; readonly addresses: readonly string[] }[];
  }[];
}

test(
  'an address on a switch in a machine is the machine’s, also for who is behind a tunnel, and for the largest packets',
  { timeout: 180_000 },
  () =>
    inPrivateHost({}, async (host) => {
      const bottle = bottleIn(host);
      const path = write(host, inMachines);
      await bottle.ok('up', '--no-verify', path);
      const { verdicts, proofs } = await bottle.json<{ verdicts: readonly Said[]; proofs: readonly Said[] }>(0, 'verify', 'inside');
      expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held', 'held', 'held']);
      expect(proofs.map(({ state }) => state)).toEqual(['proved', 'proved', 'proved', 'proved']);
      expect(await bottle.sh('inside', 'boxa', 'ping -c 1 -W 10 -M do -s $((1446 - 28)) 10.2.0.9')).toMatch(/1 received/);
      const { nodes } = await bottle.json<Shown>(0, 'show', 'boxa', '-b', 'inside');
      expect(nodes.flatMap(({ links }) => links.map(({ network, mtu, addresses }) => [network, mtu, addresses[0]]))).toEqual([
        ['wire', 1500, expect.any(String)],
        ['green', 1446, '10.1.0.1/24'],
        ['red', 1446, '10.2.0.1/24'],
      ]);
      expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
      await bottle.ok('down', '-y', 'inside');
    }),
);
