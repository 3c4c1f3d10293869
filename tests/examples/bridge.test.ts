import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { readExample } from './read-example.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', example('bridge', 'bottle.yaml'));
});

const macOf = async (machine: string, device: string): Promise<string> =>
  (await bottle.sh('bridge', machine, `cat /sys/class/net/${device}/address`)).trim();
const learned = (): Promise<string> => bottle.sh('bridge', 'boxb', 'bridge fdb show br bridge dynamic');

test('no hop lies between machines on two sides of the bridge', async () => {
  const hops = await bottle.sh('bridge', 'boxa', 'traceroute -n -q 1 -w 2 192.168.60.4');
  expect(hops.trim().split('\n').slice(1)).toEqual([expect.stringMatching(/^ 1 {2}192\.168\.60\.4 /)]);
});

test('each machine knows the MAC address of the other', async () => {
  await bottle.sh('bridge', 'boxa', 'ping -c 1 192.168.60.4');
  expect(await bottle.sh('bridge', 'boxa', 'ip neigh')).toContain(`192.168.60.4 dev left lladdr ${await macOf('boxc', 'right')}`);
  expect(await bottle.sh('bridge', 'boxc', 'ip neigh')).toContain(`192.168.50.4 dev right lladdr ${await macOf('boxa', 'left')}`);
});

test('the bridge learns behind which port a machine is, and forgets it when nothing is heard of it', async () => {
  await bottle.sh('bridge', 'boxa', 'ping -c 1 192.168.60.4');
  expect(await learned()).toContain(`${await macOf('boxa', 'left')} dev left`);
  expect(await learned()).toContain(`${await macOf('boxc', 'right')} dev right`);

  const file = write(host, readExample('bridge').replace('ageing: 30', 'ageing: 1'));
  expect(await bottle(['plan', file])).toMatchObject({
    status: 2,
    stdout: expect.stringMatching(/^~ bridge boxb.*\n.*ageing is 30, shall be 1; live/),
  });
  await bottle.ok('up', '--no-verify', file);
  await expect.poll(learned).not.toContain(await macOf('boxa', 'left'));
});

test('the bridge has an address of its own', async () => {
  expect(await bottle.sh('bridge', 'boxa', 'ping -c 1 -w 20 192.168.70.4')).toContain('1 received');
});
