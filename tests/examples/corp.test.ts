import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { checksumCensus } from './checksums.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', example('corp', 'bottle.yaml'));
});

const within = (machine: string, line: string): Promise<string> => bottle.sh('corp', machine, line);
const hops = async (from: string, to: string): Promise<readonly string[]> =>
  [...(await within(from, `traceroute -I -q 1 -w 2 ${to}`)).matchAll(/^ *\d+ +(\S+)/gm)].map(([, hop = '']) => hop);

test('a packet from the hub to the web site goes through every ring, and its answer the same way back', async () => {
  expect(await hops('alice', 'web')).toEqual(['jump-router.hub.corp', 'shr-router.shr.corp', 'bld-router.bld.corp', 'web.dmz.corp']);
  expect(await hops('web', 'alice')).toEqual(['bld-router.dmz.corp', 'shr-router.bld.corp', 'jump-router.shr.corp', 'alice.hub.corp']);
  expect(await hops('someone', 'db')).toEqual(['edge.internet.corp', 'bld-router.dmz.corp', 'db.bld.corp']);
});

test.each(['someone', 'web', 'app1', 'ldap', 'alice', 'edge'])('%s finds all others by name', async (machine) => {
  const wanted = {
    web: '10.1.0.10',
    'web.dmz.corp': '10.1.0.10',
    'db.bld.corp': '10.2.0.20',
    jump: '10.3.0.10',
    'edge.dmz.corp': '10.1.0.1',
  };
  const found = await within(machine, `getent ahostsv4 ${Object.keys(wanted).join(' ')} | awk '/STREAM/ { print $1 }'`);
  expect(found.trim().split('\n')).toEqual(Object.values(wanted));
});

test('names are completed with the domain of the ring', async () => {
  expect(await within('web', 'cat /etc/resolv.conf')).toContain('search dmz.corp');
  expect(await within('bld-router', 'cat /etc/resolv.conf')).toContain('search dmz.corp bld.corp');
});

test('a machine that runs a program keeps a log of it', async () => {
  await expect.poll(() => bottle.ok('logs', '-b', 'corp', 'watch')).toContain('1 packets transmitted, 1 received');
});

describe('checksums on the wire', () => {
  test('are whole in a network with `offload: false`', async () => {
    const { offload, whole, wrong } = await checksumCensus(host, bottle, { from: 'someone', machine: 'web', device: 'dmz' });
    expect({ offload, wrong }).toEqual({ offload: false, wrong: 0 });
    expect(whole).toBeGreaterThan(0);
  });

  test('are left to others in one without it, which is what software on raw frames stumbles over', async () => {
    const { offload, wrong } = await checksumCensus(host, bottle, { from: 'db', machine: 'app1', device: 'bld' });
    expect(offload).toBe(true);
    expect(wrong).toBeGreaterThan(0);
  });
});

describe('the policy, beyond what the file promises', () => {
  test('who is rejected hears it at once, in the words of the router', async () => {
    expect(await within('alice', 'curl -s -m 9 http://app1:8080; echo $?; nc -zv -w 9 10.2.0.11 22 2>&1 || true')).toMatch(/^7$/m);
  });

  test('routers are administered from the shared services alone', async () => {
    const asks = (from: string): Promise<string> => within(from, 'curl -ks -m 1 --http0.9 http://10.1.0.1:443 | head -n 1');
    await expect.poll(() => asks('jump')).toContain('edge tcp/443');
    for (const from of ['someone', 'web', 'app1', 'alice']) expect(await asks(from), from).toBe('');
  });
});
