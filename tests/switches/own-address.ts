/** A switch with an address in one of its VLANs, which is the host's. The same for Linux and Open vSwitch. */
import { expect } from 'vitest';
import { type Bottle, sh, write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

const text = (type: 'linux' | 'ovs', address: string): string => `name: own
switches:
  boxa: { type: ${type}, trunks: { boxb: {} } }
  boxb: { type: ${type}, address: ${address} }
networks:
  green: { subnet: [10.71.0.0/24, "fd00:71::/64"], switch: [boxa, boxb], vlan: 100 }
  red: { subnet: 10.72.0.0/24, switch: [boxa, boxb], vlan: 200 }
machines:
  g: { networks: { green: { address: [10.71.0.1, "fd00:71::1"], switch: boxa } } }
  r: { networks: { red: { address: 10.72.0.1, switch: boxa } } }
expect:
  g -> 10.71.0.254: ping
  g -> fd00:71::fe: ping
  r -> 10.71.0.254: nothing
`;

interface Said {
  readonly promise: string;
  readonly state: string;
}

interface Shown {
  readonly nodes: readonly {
    readonly name: string;
    readonly links: readonly { readonly device: string; readonly addresses: readonly string[] }[];
  }[];
}

const GREEN = '[10.71.0.254, "fd00:71::fe"]';

/** Raises it: the host is in the VLAN of its address and in no other, as the proof says, and nothing is to be put right afterwards. */
export async function answerAsHost(host: PrivateHost, bottle: Bottle, type: 'linux' | 'ovs'): Promise<void> {
  const path = write(host, text(type, GREEN));
  const { verdicts, proofs } = await bottle.json<{ verdicts: readonly Said[]; proofs: readonly Said[] }>(0, 'up', path);
  expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held', 'held']);
  expect(proofs.map(({ state }) => state)).toEqual(['proved', 'proved', 'proved']);
  expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
}

/** What else there is to it: what is shown, that nothing passes the host, and that the address comes into another VLAN live. */
export async function changeVlan(host: PrivateHost, bottle: Bottle, type: 'linux' | 'ovs'): Promise<void> {
  const { nodes } = await bottle.json<Shown>(0, 'show', 'host', '-b', 'own');
  expect(nodes.flatMap(({ links }) => links.map(({ device, addresses }) => [device, addresses]))).toEqual([
    ['own-green', expect.arrayContaining(['10.71.0.254/24', 'fd00:71::fe/64'])],
  ]);
  expect(await bottle.sh('own', 'g', 'cat /etc/hosts')).toContain('10.71.0.254 host.green.own');
  // With the address it is in the network, and no way out of it, whatever the host does otherwise.
  await sh(host, 'sysctl -qw net.ipv4.ip_forward=1');
  const around = 'ip route add 10.72.0.0/24 via 10.71.0.254; ping -c 2 -W 1 10.72.0.1; ip route del 10.72.0.0/24';
  expect(await bottle.sh('own', 'g', around)).toMatch(/ 0 received/);
  await sh(host, 'sysctl -qw net.ipv4.ip_forward=0');

  const { macs } = await bottle.json<{ macs: readonly { port: string; vlan?: number; owner?: string }[] }>(
    0,
    'show',
    'macs',
    'boxb',
    '-b',
    'own',
  );
  expect(macs).toContainEqual(expect.objectContaining({ port: 'host', owner: 'host', vlan: 100 }));

  await bottle.ok('up', '-y', '--no-verify', '--no-prove', write(host, text(type, '10.72.0.254')));
  await expect.poll(async () => (await host.run(['ping', '-c', '1', '-W', '2', '10.72.0.1'])).status, { timeout: 30_000 }).toBe(0);
}
