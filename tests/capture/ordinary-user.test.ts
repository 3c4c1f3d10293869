import { expect, test } from 'vitest';
import { write } from '../cli/bottle.ts';
import { ordinaryUser } from '../cli/ordinary-user.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { capturing } from './capturing.ts';

const text = `name: lab
networks:
  net: { subnet: [10.71.0.0/24, "fd71::/64"] }
machines:
  one: { networks: { net: [10.71.0.11, "fd71::11"] } }
  two: { networks: { net: [10.71.0.12, "fd71::12"] } }
`;

test('an ordinary user captures in their own bottle, into a file, a pipe and on a terminal', { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
    const somebody = await ordinaryUser(host);
    const { bottle, program, options } = somebody;
    const ping = (address: string) => bottle('exec', '-b', 'lab', 'one', '--', 'ping', '-c', '1', address);
    expect(await bottle('up', '--no-verify', write(host, text))).toMatchObject({ status: 0 });

    const running = await capturing(host, 'lab', ['one', 'net', '-f', 'icmp or icmp6[0] == 128'], options, program);
    await ping('10.71.0.12');
    await ping('fd71::12');
    expect(await running.stop()).toBe(0);
    const seen = running.file().packets.map(({ at, direction }) => `${at} ${direction}`);
    expect(seen).toEqual(['one/net out', 'net in', 'net in', 'one/net in', 'one/net out', 'net in']);

    const capture = `${program.join(' ')} capture -b lab net -c 2 -f icmp`;
    for (const line of [`${capture} | cat >piped; tcpdump -nr piped`, `script -qec '${capture}' /dev/null`]) {
      const shown = host.run(['sh', '-c', line], options);
      // It ends by itself, as soon as it has seen enough.
      const sender = setInterval(() => void ping('10.71.0.12'), 500);
      const { stdout } = await shown;
      clearInterval(sender);
      expect(stdout.match(/ICMP echo re/g)).toHaveLength(2);
    }
    const last = await capturing(host, 'lab', ['one'], options, program);
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await last.ended).toBe(0);
    await expect.poll(() => somebody.leftovers()).toBe('');
  }),
);
