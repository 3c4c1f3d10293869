import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { lab, looks } from './lab.ts';
import { type Watcher, watching } from './watcher.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
let before: HostState;
let watcher: Watcher;
let right: string;
beforeAll(async () => {
  before = await host.state();
  await bottle.ok('up', write(host, lab));
  right = await looks(host);
  watcher = await watching(host, 'lab');
});
afterAll(async () => {
  await bottle.ok('down', '-y', 'lab');
  expect(await watcher.ended).toBe(0);
  expect(watcher.told().at(-1)).toMatchObject({ event: 'gone' });
  expect(differences(before, await host.state())).toEqual([]);
});

/** For what has to come, however busy the machine is. */
const patience = { timeout: 20_000 };

const inside = (name: string, command: string): string => `ip netns exec lab${name === '' ? '' : `.${name}`} ${command}`;

/** What is broken, how, and one of the things that have to be repaired then. */
const breaks: readonly (readonly [what: string, command: string, repaired: string])[] = [
  ['the rules of a router, flushed', inside('gate', 'nft flush ruleset'), 'table:lab.gate/inet/netbottle'],
  ['the rules of the fabric, flushed', inside('', 'nft flush ruleset'), 'table:lab/bridge/netbottle'],
  ['the rules of the host, flushed', 'nft flush ruleset', 'table:@host/inet/netbottle-lab'],
  ['the chains of the host, emptied', 'nft flush table inet netbottle-lab', 'table:@host/inet/netbottle-lab'],
  ['the link of a machine', inside('web', 'ip link del front'), 'veth:web/front'],
  ['the link of a router', inside('gate', 'ip link del back'), 'veth:gate/back'],
  ['a switch', inside('', 'ip link del back'), 'bridge:lab/back'],
  ['a port of a switch, taken out', inside('', 'ip link set web.front nomaster'), 'veth:web/front'],
  ['the link to the host', 'ip link del lab-front', 'veth:@host/front'],
  ['a link that is set down', inside('db', 'ip link set back down'), 'veth:db/back'],
  ['the MTU of a link', inside('db', 'ip link set back mtu 1300'), 'veth:db/back'],
  ['who makes the checksums of a machine', inside('db', 'ethtool -K back tx off'), 'veth:db/back'],
  ['an address of a machine', inside('web', 'ip addr del 10.71.0.10/24 dev front'), 'address:lab.web/front/10.71.0.10/24'],
  ['an IPv6 address of a router', inside('gate', 'ip addr del fd72::1/64 dev back'), 'address:lab.gate/back/fd72::1/64'],
  ['the address of the host', 'ip addr del 10.71.0.1/24 dev lab-front', 'address:@host/lab-front/10.71.0.1/24'],
  ['the default route of a machine', inside('db', 'ip route del default'), 'route:lab.db/0.0.0.0/0'],
  ['an IPv6 route of a router', inside('gate', 'ip -6 route flush default'), 'route:lab.gate/::/0'],
  ['a route of the host', 'ip route del 10.72.0.0/24', 'route:@host/10.72.0.0/24'],
  ['a setting of a machine', inside('web', 'sysctl -qw net.ipv4.ip_forward=1'), 'sysctl:lab.web/net/ipv4/ip_forward'],
  ['a setting of a router', inside('gate', 'sysctl -qw net.ipv4.ip_forward=0'), 'sysctl:lab.gate/net/ipv4/ip_forward'],
  [
    'an IPv6 setting of a router',
    inside('gate', 'sysctl -qw net.ipv6.conf.all.forwarding=0'),
    'sysctl:lab.gate/net/ipv6/conf/all/forwarding',
  ],
  ['the reverse path filter', inside('gate', 'sysctl -qw net.ipv4.conf.all.rp_filter=1'), 'sysctl:lab.gate/net/ipv4/conf/all/rp_filter'],
  ['a setting of the host', 'sysctl -qw net.ipv4.ip_forward=0', 'sysctl:@host/net/ipv4/ip_forward'],
  ['the name of a namespace', 'ip netns del lab.db', 'namespace:lab.db'],
  ['the link to a namespace in /run/netns', 'rm /run/netns/lab.db', 'namespace:lab.db'],
  ['the names that machines know, edited', 'echo 192.0.2.1 web >> /run/netbottle/lab/files/hosts', 'file:files/hosts'],
  ['the name servers of a machine, removed', 'rm /run/netbottle/lab/files/resolv.web', 'file:files/resolv.web'],
  ['a device that is given another name', inside('web', "sh -c 'ip link set front down; ip link set front name back'"), 'veth:web/front'],
  ['a device that loses its mark', inside('db', "ip link set back alias ''"), 'veth:db/back'],
  ['all that listens, with its keeper', "kill -9 $(pgrep -f '^netbottle keeper')", 'listener:db/tcp/22'],
];

test.each(breaks)('%s is repaired', async (_what, command, repaired) => {
  const count = watcher.repaired().filter((identity) => identity === repaired).length;
  await sh(host, command);
  await expect.poll(() => watcher.repaired().filter((identity) => identity === repaired).length, patience).toBe(count + 1);
  expect(await looks(host)).toBe(right);
  expect(await bottle.ok('plan', '-v', 'bottle.yaml')).toContain('Nothing to do');
});

describe('nothing is touched', () => {
  test('of what others have on the host', async () => {
    const told = watcher.told().length;
    await sh(
      host,
      'nft add table inet other; ip link add other type bridge; ip addr add 192.0.2.77/24 dev other; ip route add 203.0.113.0/24 dev lo',
    );
    const others = await sh(host, 'nft list table inet other; ip -br addr show other; ip route show 203.0.113.0/24');
    // Something to repair, so that whatever was told before has been looked at.
    await sh(host, inside('db', 'ip route del default'));
    await expect.poll(() => watcher.told().length, patience).toBe(told + 1);
    expect(await sh(host, 'nft list table inet other; ip -br addr show other; ip route show 203.0.113.0/24')).toBe(others);
    await sh(host, 'nft delete table inet other; ip link del other; ip route del 203.0.113.0/24');
  });

  test('of what a command of Netbottle changes', async () => {
    const told = watcher.told().length;
    await bottle.ok('stop', '-y', '-b', 'lab', 'db');
    await bottle.ok('start', '-b', 'lab', 'db');
    await bottle.ok('stop', '-y', '-b', 'lab', 'db');
    await sh(host, inside('web', 'ip route del default'));
    await expect.poll(() => watcher.told().length, patience).toBe(told + 1);
    expect(watcher.repaired().at(-1)).toBe('route:lab.web/0.0.0.0/0');
    expect(await sh(host, 'ls /run/netbottle/lab/netns')).not.toContain('lab.db');
    await bottle.ok('up', '-y', 'bottle.yaml');
    expect(watcher.told()).toHaveLength(told + 1);
  });
});
