import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', example('router-lab', 'bottle.yaml'));
});

const within = (machine: string, line: string): Promise<string> => bottle.sh('router-lab', machine, line);

test('from the right, the port of the router is the web server of boxa', async () => {
  await expect.poll(() => within('boxb', 'curl -s -m 2 http://172.16.200.1:8800')).toContain('Hello!');
});

test('what leaves to the right has the address of the router', async () => {
  expect(await within('boxa', 'curl -s -m 20 http://172.16.200.5')).toContain('you are 172.16.200.1:');
});

test('connection tracking knows both ends of a translated connection', async () => {
  await within('boxa', 'ping -c 1 172.16.200.5');
  expect(await within('router', 'conntrack -L -p icmp 2>/dev/null || cat /proc/net/nf_conntrack')).toMatch(
    /src=172\.16\.100\.5 dst=172\.16\.200\.5 .*src=172\.16\.200\.5 dst=172\.16\.200\.1/,
  );
});

test('nothing else comes in, and nothing else gets to the router', async () => {
  expect(await within('boxb', 'ping -c 1 -W 1 172.16.100.5')).toContain(' 0 received');
  expect(await within('boxb', 'ping -c 1 -W 1 172.16.200.1')).toContain(' 0 received');
  expect(await within('boxa', 'ping -c 1 -w 20 172.16.100.1')).toContain(' 1 received');
});

test('what the router itself sends to the forwarded port is for the policy to say as well', async () => {
  expect(await within('router', 'curl -s -m 1 http://172.16.200.1:8800')).toBe('');
});

test('the router is the one hop', async () => {
  const hops = (await within('boxa', 'traceroute -I -n -q 1 -w 2 boxb')).matchAll(/^ *\d+ +(\S+)/gm);
  expect([...hops].map(([, hop = '']) => hop)).toEqual(['172.16.100.1', '172.16.200.5']);
});
