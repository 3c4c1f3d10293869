import { beforeAll, describe, expect, test } from 'vitest';
import { differences } from './differences.ts';
import { hostForAll } from './host-of-tests.ts';
import type { HostState } from './snapshot.ts';

const host = hostForAll();
beforeAll(async () => {
  await host.run(['sh', '-c', 'ip link add there type veth peer name other; ip link set there up; ip link set other up']);
});

async function run(script: string): Promise<void> {
  expect(await host.run(['sh', '-euc', script])).toMatchObject({ status: 0, stderr: '' });
}

describe('every sort of thing that is left behind is seen', () => {
  const cases: [what: string, change: string, undo: string, line: RegExp][] = [
    ['a link', 'ip link add stray type bridge', 'ip link del stray', /^links: new: stray \(kind bridge/],
    ['an attribute of a link', 'ip link set there mtu 1400', 'ip link set there mtu 1500', /^links: there: mtu 1500 -> 1400$/],
    [
      'a port of a bridge',
      'ip link add name b9 type bridge; ip link set there master b9',
      'ip link del b9',
      /^links: there: master \(none\) -> b9$/,
    ],
    [
      'an address',
      'ip address add 10.9.8.7/24 dev there',
      'ip address del 10.9.8.7/24 dev there',
      /^addresses: new: 10\.9\.8\.7\/24 on there/,
    ],
    [
      'an IPv6 address',
      'ip address add fd09::7/64 dev there',
      'ip address del fd09::7/64 dev there',
      /^addresses: new: fd09::7\/64 on there/,
    ],
    [
      'a route',
      'ip route add blackhole 10.9.0.0/16',
      'ip route del blackhole 10.9.0.0/16',
      /^routes: new: family -4, type blackhole, dst 10\.9\.0\.0\/16/,
    ],
    [
      'an IPv6 route in another table',
      'ip -6 route add blackhole fd09::/16 table 77',
      'ip -6 route flush table 77',
      /^routes: new: .*fd09::\/16.*table 77/,
    ],
    [
      'a rule',
      'ip rule add from 10.9.0.0/16 table 77',
      'ip rule del from 10.9.0.0/16 table 77',
      /^rules: new: family -4, .*src 10\.9\.0\.0/,
    ],
    [
      'a queueing discipline',
      'tc qdisc add dev there root tbf rate 1mbit burst 10k latency 9ms',
      'tc qdisc del dev there root',
      /^queues: new: kind tbf/,
    ],
    ['a table', 'nft add table inet stray', 'nft delete table inet stray', /^firewall: new: inet stray/],
    [
      'a setting',
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
      'echo 0 > /proc/sys/net/ipv4/ip_forward',
      /^sysctls: net\.ipv4\.ip_forward: value 0 -> 1$/,
    ],
    [
      'a setting of an interface',
      'echo 2 > /proc/sys/net/ipv4/conf/there/rp_filter',
      'echo 0 > /proc/sys/net/ipv4/conf/there/rp_filter',
      /^sysctls: net\.ipv4\.conf\.there\.rp_filter: value 0 -> 2$/,
    ],
    [
      'a namespace by name',
      'ip netns add stray',
      'ip netns del stray; umount /run/netns; rmdir /run/netns',
      /^namespaces: new: \/run\/netns\/stray/,
    ],
    [
      'a namespace that only a process holds',
      'unshare --net sleep 63 >/dev/null 2>&1 &',
      'pkill -fx "sleep 63"',
      /^namespaces: new: net:\[\d+\]/,
    ],
    ['a process', 'setsid sleep 64 >/dev/null 2>&1 &', 'pkill -fx "sleep 64"', /^processes: new: \d+ sleep 64/],
    ['a mount', 'mkdir /run/m; mount -t tmpfs tmpfs /run/m', 'umount /run/m; rmdir /run/m', /^mounts: new: \/run\/m /],
    ['a file in /run', 'touch /run/stray', 'rm /run/stray', /^files: new: \/run\/stray/],
    ['a file in /tmp', 'touch /tmp/stray', 'rm /tmp/stray', /^files: new: \/tmp\/stray/],
  ];

  let before: HostState;
  let found: string[];
  beforeAll(async () => {
    before = await host.state();
    await run(cases.map(([, change]) => change).join('\n'));
    await run('while [ "$(lsns -t net -n | wc -l)" -lt 2 ]; do sleep 0.05; done');
    found = differences(before, await host.state());
  });

  test.each(cases)('%s', (_what, _change, _undo, line) => {
    expect(found).toContainEqual(expect.stringMatching(line));
  });

  test('and when all of it is undone, nothing', async () => {
    await run(
      cases
        .map(([, , undo]) => undo)
        .toReversed()
        .join('\n'),
    );
    await expect.poll(async () => differences(before, await host.state())).toEqual([]);
  });

  test('the text of a file in /etc', async () => {
    const before = await host.state();
    await host.run(['sh', '-c', 'echo 10.9.8.7 stray >> /etc/hosts']);
    expect(differences(before, await host.state())).toContainEqual(expect.stringMatching(/^files: \/etc\/hosts: size \d+ -> \d+$/));
  });
});

test('what is gone is seen', async () => {
  const before = await host.state();
  await host.run(['ip', 'link', 'del', 'there']);
  const found = differences(before, await host.state());
  await host.run(['sh', '-c', 'ip link add there type veth peer name other; ip link set there up; ip link set other up']);
  expect(found).toContainEqual(expect.stringMatching(/^links: gone: there/));
  expect(found.filter((line) => line.startsWith('sysctls'))).toEqual([]);
});

test('a link that was made anew under the same name is not the one that was there', async () => {
  const before = await host.state();
  await host.run([
    'sh',
    '-c',
    'ip link del there; ip link add there type veth peer name other; ip link set there up; ip link set other up',
  ]);
  expect(differences(before, await host.state())).toContainEqual(expect.stringMatching(/^links: there: ifindex/));
});

test('the state directory may stay', async () => {
  const before = await host.state();
  await run('mkdir -p /run/netbottle/corp /tmp/netbottle-1000/corp');
  expect(differences(before, await host.state())).toEqual([]);
});
