import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', example('host-only', 'bottle.yaml'));
});

const boxa = (line: string): Promise<string> => bottle.sh('host-only', 'boxa', line);

test('the host and the machines are on one segment: all know each other by MAC address', async () => {
  await boxa('ping -c 1 192.168.50.5; ping -c 1 192.168.50.1');
  const [mac5, mac4, macHost] = [
    await bottle.sh('host-only', 'boxb', 'cat /sys/class/net/lab/address'),
    await boxa('cat /sys/class/net/lab/address'),
    await sh(host, 'cat /sys/class/net/host-only-lab/address'),
  ].map((mac) => mac.trim());
  expect(await boxa('ip neigh')).toContain(`192.168.50.5 dev lab lladdr ${mac5}`);
  expect(await boxa('ip neigh')).toContain(`192.168.50.1 dev lab lladdr ${macHost}`);
  await sh(host, 'ping -c 1 -w 20 192.168.50.4');
  expect(await sh(host, 'ip neigh show dev host-only-lab')).toContain(`192.168.50.4 lladdr ${mac4}`);
});

test('the host reaches a program in a machine', async () => {
  expect(await sh(host, 'curl -s --retry 9 --retry-connrefused http://192.168.50.5')).toContain('It works, and only here.');
});

describe('nothing goes through the host, even when it forwards', () => {
  beforeAll(() => sh(host, 'echo 1 > /proc/sys/net/ipv4/ip_forward'));

  test('not out', async () => {
    await boxa('ip route add default via 192.168.50.1');
    expect(await boxa(`ping -c 1 -W 1 ${host.uplink.gateway}`)).toContain('0 received');
    await boxa('ip route del default');
  });

  test('not in', async () => {
    await sh(host.lan, `ip route add 192.168.50.0/24 via ${host.uplink.address}`);
    expect((await host.lan.run(['ping', '-c', '1', '-W', '1', '192.168.50.4'])).stdout).toContain('0 received');
  });
});
