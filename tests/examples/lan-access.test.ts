import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', example('lan-access', 'bottle.yaml'));
});

test('the machine reaches the LAN and what lies beyond it', async () => {
  for (const there of [host.uplink.gateway, host.uplink.beyond])
    expect(await bottle.sh('lan-access', 'boxa', `ping -c 1 -w 20 ${there}`)).toContain(' 1 received');
});

test('nobody on the LAN reaches the machine', async () => {
  await sh(host.lan, `ip route add 192.168.50.0/24 via ${host.uplink.address}`);
  expect((await host.lan.run(['ping', '-c', '1', '-W', '1', '192.168.50.4'])).stdout).toContain(' 0 received');
});

test('of the host itself only what the policy says is open to it', async () => {
  const server = host.start(['python3', '-um', 'http.server', '8099'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await expect.poll(() => sh(host, 'curl -s -m 1 http://192.168.50.1:8099 || true')).not.toBe('');
    expect(await bottle.sh('lan-access', 'boxa', 'curl -s -m 1 http://192.168.50.1:8099')).toBe('');
    expect(await bottle.sh('lan-access', 'boxa', 'ping -c 1 -w 20 192.168.50.1')).toContain(' 1 received');
  } finally {
    server.kill('SIGKILL');
  }
});
