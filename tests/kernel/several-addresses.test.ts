import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = (addresses: string) => `name: lab
networks: { net: { subnet: [10.9.0.0/24, "fd00:9::/64"] } }
machines:
  one: { networks: { net: [${addresses}] } }
  two: { networks: { net: [10.9.0.2, "fd00:9::2"] } }
`;

test('of several addresses of a family, a machine sends from the first, answers at all, and keeps those that are left', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const sources = async () => {
      const told = await bottle(['exec', '-b', 'lab', 'one', '--', 'sh', '-c', 'ip route get 10.9.0.2; ip route get fd00:9::2']);
      return [...told.stdout.matchAll(/ src (\S+)/g)].map(([, address]) => address);
    };
    const ping = (address: string) => bottle(['exec', '-b', 'lab', 'two', '--', 'ping', '-c', '1', address]);

    await bottle.ok('up', write(host, file('10.9.0.15, 10.9.0.13, 10.9.0.19, "fd00:9::5", "fd00:9::3", "fd00:9::9"')));
    expect(await sources()).toEqual(['10.9.0.15', 'fd00:9::5']);
    for (const address of ['10.9.0.13', '10.9.0.19', 'fd00:9::3', 'fd00:9::9']) expect(await ping(address)).toMatchObject({ status: 0 });
    expect(
      await bottle(['plan', write(host, file('10.9.0.15, 10.9.0.13, 10.9.0.19, "fd00:9::5", "fd00:9::3", "fd00:9::9"'))]),
    ).toMatchObject({ status: 0 });

    await bottle.ok('up', '-y', write(host, file('10.9.0.13, 10.9.0.19, "fd00:9::9", "fd00:9::3"')));
    expect(await sources()).toEqual(['10.9.0.13', 'fd00:9::9']);
    for (const address of ['10.9.0.19', 'fd00:9::3']) expect(await ping(address)).toMatchObject({ status: 0 });
    await bottle.ok('down', '-y', 'lab');
  }));
