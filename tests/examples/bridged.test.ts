import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { surround } from './surroundings.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await surround(host, 'bridged');
});

const mac = (device: string): Promise<string> => sh(host, `cat /sys/class/net/${device}/address`);

test.each([
  ['bottle.yaml', 'bridged'],
  ['macvlan.yaml', 'bridged-macvlan'],
  ['veth.yaml', 'bridged-veth'],
])('%s: machines and LAN reach each other, and the host keeps its MAC addresses', async (file, name) => {
  const before = [await mac('br0'), await mac('eth1')];
  await bottle.ok('up', '--no-verify', example('bridged', file));
  expect([await mac('br0'), await mac('eth1')]).toEqual(before);
  expect(await bottle.sh(name, 'boxa', 'ping -c 1 -w 20 192.168.178.1')).toContain('1 received');
  await sh(host, 'ip netns exec lan ping -c 1 -w 20 192.168.178.42');
  await bottle.ok('down', '-y', name);
});

test('the host and the machines on its bridge reach each other', async () => {
  await bottle.ok('up', '--no-verify', example('bridged', 'bottle.yaml'));
  await sh(host, 'ping -c 1 -w 20 192.168.178.41');
  expect(await bottle.sh('bridged', 'boxa', 'ping -c 1 -w 20 192.168.178.2')).toContain('1 received');
  await bottle.ok('down', '-y', 'bridged');
});

test.each(['interface: eth1', 'interface: eth1, by: veth', 'bridge: br0'])(
  'neighbours that knew an address of a network on `%s` as that of another bottle are told of the new one',
  async (attach) => {
    const addresses = ['192.168.178.41', 'fd00:178::41'];
    const file = (name: string): string =>
      write(
        host,
        `name: ${name}
networks: { lan: { subnet: [192.168.178.0/24, "fd00:178::/64"], mode: bridged, attach: { ${attach} } } }
machines: { box: { networks: { lan: [${addresses.map((address) => `"${address}"`).join(', ')}] } } }
`,
      );
    const known = async (): Promise<string[]> =>
      await Promise.all(
        addresses.map(async (address) => /lladdr (\S+)/.exec(await sh(host, `ip -n lan neigh show ${address}`))?.[1] ?? ''),
      );
    const own = async (name: string): Promise<string> => (await bottle.sh(name, 'box', 'cat /sys/class/net/lan/address')).trim();
    await sh(host, 'ip -n lan address replace fd00:178::1/64 dev lan0 nodad');
    await bottle.ok('up', file('first'));
    for (const address of addresses) await sh(host, `ip netns exec lan ping -c 1 -w 20 ${address}`);
    const first = await own('first');
    expect(await known()).toEqual([first, first]);
    await bottle.ok('down', '-y', 'first');
    await bottle.ok('up', file('second'));
    const second = await own('second');
    expect(second).not.toBe(first);
    await expect.poll(known).toEqual([second, second]);
    await bottle.ok('down', '-y', 'second');
  },
);
