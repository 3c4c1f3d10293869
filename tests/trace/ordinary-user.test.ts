import { expect, test } from 'vitest';
import { write } from '../cli/bottle.ts';
import { ordinaryUser } from '../cli/ordinary-user.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: lab
networks:
  left: { subnet: [10.71.0.0/24, "fd71::/64"], mode: host-only }
  right: { subnet: [10.72.0.0/24, "fd72::/64"] }
routers: { core: { networks: { left: [10.71.0.1, fd71::a], right: [10.72.0.1, fd72::a] } } }
machines:
  one: { networks: { left: [10.71.0.11, fd71::11] } }
  two: { networks: { right: [10.72.0.12, fd72::12] }, listen: [http] }
`;

test("an ordinary user's bottle is traced inside of its user namespace", { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
    const somebody = await ordinaryUser(host);
    const { bottle } = somebody;
    expect(await bottle('up', '--no-verify', write(host, text))).toMatchObject({ status: 0 });
    for (const [from, to, service] of [
      ['one', 'two', 'http'],
      ['one', 'two', 'udp/99'],
      ['host', 'one', 'ping'],
    ] as const) {
      const { status, stdout, stderr } = await bottle('trace', from, to, service, '-b', 'lab');
      expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
    }
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await somebody.leftovers()).toBe('');
  }),
);
