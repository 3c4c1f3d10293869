import { expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

test('the router is the one hop in both directions, and only the router forwards', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    await bottle.ok('up', example('router-lab', 'bottle.yaml'));
    const hops = async (from: string, to: string): Promise<readonly string[]> =>
      [...(await bottle.sh('router-lab', from, `traceroute -n -q 1 -w 2 ${to}`)).matchAll(/^ *\d+ +(\S+)/gm)].map(([, hop = '']) => hop);
    expect(await hops('boxa', 'boxb')).toEqual(['172.16.100.1', '172.16.200.5']);
    expect(await hops('boxb', 'boxa')).toEqual(['172.16.200.1', '172.16.100.5']);
    for (const [machine, forwards] of [
      ['boxa', '0'],
      ['router', '1'],
      ['boxb', '0'],
    ] as const)
      expect((await bottle.sh('router-lab', machine, 'cat /proc/sys/net/ipv4/ip_forward')).trim()).toBe(forwards);
  }));
