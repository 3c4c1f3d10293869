import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bottle, bottleIn, example, sh } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { privateHost } from '../host-state/private-host.ts';
import { surround } from './surroundings.ts';

let host: PrivateHost;
let bottle: Bottle;
beforeAll(async () => {
  host = await privateHost();
  bottle = bottleIn(host);
  await surround(host, 'bridged');
});
afterAll(() => host.end());

const mac = (device: string): Promise<string> => sh(host, `cat /sys/class/net/${device}/address`);

test.each([
  ['bottle.yaml', 'bridged'],
  ['macvlan.yaml', 'bridged-macvlan'],
  ['veth.yaml', 'bridged-veth'],
])('%s: machines and LAN reach each other, and the host keeps its MAC addresses', async (file, name) => {
  // The machines of the three files share addresses, and the LAN remembers those that had them before.
  await sh(host, 'ip -n lan neigh flush dev lan0');
  const before = [await mac('br0'), await mac('eth1')];
  await bottle.ok('up', '--no-verify', example('bridged', file));
  expect([await mac('br0'), await mac('eth1')]).toEqual(before);
  expect(await bottle.sh(name, 'boxa', 'ping -c 1 -W 2 192.168.178.1')).toContain('1 received');
  await sh(host, 'ip netns exec lan ping -c 1 -W 2 192.168.178.42');
  await bottle.ok('down', '-y', name);
});

test('the host and the machines on its bridge reach each other', async () => {
  await bottle.ok('up', '--no-verify', example('bridged', 'bottle.yaml'));
  await sh(host, 'ping -c 1 -W 2 192.168.178.41');
  expect(await bottle.sh('bridged', 'boxa', 'ping -c 1 -W 2 192.168.178.2')).toContain('1 received');
  await bottle.ok('down', '-y', 'bridged');
});
