import { expect, test } from 'vitest';
import { sh, write } from '../cli/bottle.ts';
import { ordinaryUser } from '../cli/ordinary-user.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { watching } from './watcher.ts';

const text = `name: lab
networks:
  net: { subnet: [10.71.0.0/24, "fd71::/64"], mode: host-only }
machines:
  one: { networks: { net: 10.71.0.11 }, listen: [http] }
`;

/** For what has to come, however busy the machine is. */
const patience = { timeout: 20_000 };

test("an ordinary user's bottle is watched inside of its user namespace, on all its sides", { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
    const somebody = await ordinaryUser(host);
    const { bottle, program, options, home } = somebody;
    const file = write(host, text);
    expect(await bottle('up', file)).toMatchObject({ status: 0 });
    const watcher = await watching(host, 'lab', options, program);
    const { pid } = JSON.parse(await sh(host, `cat ${home}/state/lab/holder.json`)) as { pid: number };
    const inside = (line: string): Promise<string> => sh(host, `nsenter -t ${pid} -m -n sh -euc '${line}'`);
    const one = `nsenter --net=${home}/state/lab/netns/lab.one`;
    for (const [line, identity] of [
      ['nft flush ruleset', 'table:@host/inet/netbottle-lab'],
      ['ip link del lab-net', 'veth:@host/net'],
      [`${one} ip addr del 10.71.0.11/24 dev net`, 'address:lab.one/net/10.71.0.11/24'],
      [`${one} sysctl -qw net.ipv4.ip_forward=1`, 'sysctl:lab.one/net/ipv4/ip_forward'],
      [`umount ${home}/state/lab/netns/lab.one`, 'namespace:lab.one'],
    ] as const) {
      await inside(line);
      await expect.poll(() => watcher.repaired(), patience).toContain(identity);
      expect(await bottle('plan', file)).toMatchObject({ status: 0 });
    }
    expect(await watcher.stop()).toBe(0);
    const another = await watching(host, 'lab', options, program);
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await another.ended).toBe(0);
    expect(await somebody.leftovers()).toBe('');
  }),
);
