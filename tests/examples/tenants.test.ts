import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', example('tenants', 'bottle.yaml'));
});

/** Pings `to` from an address that the machine gives itself. */
const under = (machine: string, device: string, address: string, to: string): Promise<string> =>
  bottle.sh(
    'tenants',
    machine,
    `ip address add ${address} dev ${device} $(case ${address} in *:*) echo nodad;; esac)
     ping -c 1 -W 2 -I ${address.replace(/\/.*/, '')} ${to}
     ip address del ${address} dev ${device}`,
  );

test.each([
  ['2a0a:e5c1:111:888::66/128', '2a0a:e5c1:111:888:0:f0ff:fea9:c44f'],
  ['2a0a:e5c1:111:1234::66/128', '2a0a:e5c1:111:888:0:f0ff:fea9:c44f'],
  ['2a0a:e5c1:111:888:0:f0ff:fea9:c44f/128', '2a0a:e5c1:111:888::1'],
  ['10.0.0.66/32', '10.0.0.12'],
])('a tenant is not heard under %s, which is not its own', async (address, to) => {
  expect(await under('vm1', 'uplink', address, to)).toContain(' 0 received');
});

test('a tenant is heard under each address of the prefix that is routed to it, and answers there', async () => {
  await expect.poll(() => under('vm2', 'lo', '2a0a:e5c1:111:1234::66/128', 'vm1')).toContain('1 received');
  await expect.poll(() => bottle.sh('tenants', 'someone', 'ping -c 1 -W 2 2a0a:e5c1:111:1234:5678::9')).toContain('1 received');
});
