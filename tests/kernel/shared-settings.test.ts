import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const bottle = (name: string, subnet: string, mode: string): string =>
  `name: ${name}\nnetworks: { n: { subnet: ${subnet}, mode: ${mode} } }\nmachines: { a: { networks: { n: auto } } }\n`;

test('a setting of the host that two bottles need is put back by the one that goes last, whichever that is', () =>
  inPrivateHost({ uplink: true }, async (host) => {
    const run = bottleIn(host);
    const before = await host.state();
    const forward = (): Promise<string> => sh(host, 'cat /proc/sys/net/ipv4/ip_forward');
    const files = {
      one: write(host, bottle('one', '10.1.0.0/24', 'nat'), 'one.yaml'),
      two: write(host, bottle('two', '10.2.0.0/24', 'nat'), 'two.yaml'),
    };
    for (const [first, last] of [
      ['one', 'two'],
      ['two', 'one'],
    ] as const) {
      await run.ok('up', files.one);
      await run.ok('up', files.two);
      await run.ok('down', '-y', first);
      expect(await forward()).toBe('1');
      await run.ok('down', '-y', last);
      expect(await forward()).toBe('0');
    }
    expect(differences(before, await host.state())).toEqual([]);
  }));

test('one that somebody else changed meanwhile is left as it is', () =>
  inPrivateHost({ uplink: true }, async (host) => {
    const run = bottleIn(host);
    await sh(host, 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    await run.ok('up', write(host, bottle('one', '10.1.0.0/24', 'nat')));
    await sh(host, 'echo 0 > /proc/sys/net/ipv4/ip_forward');
    await run.ok('down', '-y', 'one');
    expect(await sh(host, 'cat /proc/sys/net/ipv4/ip_forward')).toBe('0');
  }));
