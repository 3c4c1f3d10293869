import { beforeAll, expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);
let serve: string;
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', write(host, sites));
  serve = write(host, server, 'serve.py');
});

/** The tunnel takes 1450 bytes, and who sends more is told nothing: the sites drop all ICMP that comes in. */
const sites = `name: sites
networks:
  wan: { subnet: 198.51.100.0/24 }
  left: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  right: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
  tunnel: { subnet: [10.0.0.0/30, "fd00::/64"], overlay: { over: wan, id: 5 } }
routers:
  one: { networks: { wan: 198.51.100.1, left: [10.1.0.1, "fd00:1::1"], tunnel: [10.0.0.1, "fd00::1"] }, routes: { right: two } }
  two: { networks: { wan: 198.51.100.2, right: [10.2.0.1, "fd00:2::1"], tunnel: [10.0.0.2, "fd00::2"] }, routes: { left: one } }
machines:
  a: { networks: { left: [10.1.0.10, "fd00:1::10"] } }
  b: { networks: { right: [10.2.0.10, "fd00:2::10"] } }
expect:
  a -> b: tcp/9001
`;

/** Takes half a megabyte, and gives one. */
const server = `import socket, sys
s = socket.create_server((sys.argv[1], 9001), family=socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
c = s.accept()[0]
n = 0
while n < 500000: n += len(c.recv(65536))
c.sendall(bytes(500000))
c.close()`;

/** Whether both directions get through within some seconds. */
async function transferred(address: string): Promise<boolean> {
  const serving = bottle.sh('sites', 'b', `timeout 8 python3 ${serve} ${address}`);
  await expect.poll(() => bottle.sh('sites', 'b', 'ss -tlnH sport = 9001')).toContain('9001');
  const client = `import socket
s = socket.create_connection(('${address}', 9001), 4)
s.sendall(bytes(500000))
n = 0
while d := s.recv(65536): n += len(d)
print(n)`;
  const got = await bottle.sh('sites', 'a', `timeout 6 python3 -c "${client}" 2> /dev/null || :`);
  await bottle.sh('sites', 'b', 'for pid in $(ss -tlnpH sport = 9001 | grep -o "pid=[0-9]*" | cut -d= -f2); do kill $pid; done');
  await bottle.sh('sites', 'b', 'ss -K sport = 9001 > /dev/null 2>&1 || :');
  await serving;
  return got.trim() === '500000';
}

test.each(['10.2.0.10', 'fd00:2::10'])(
  'TCP to %s crosses a narrow tunnel although nobody hears that packets are too large',
  async (address) => {
    const family = address.includes(':') ? 'ip6' : 'ip';
    const errors = family === 'ip' ? 'icmp type destination-unreachable' : 'icmpv6 type packet-too-big';
    for (const machine of ['a', 'b'])
      await bottle.sh(
        'sites',
        machine,
        `nft "add table ${family} deaf; add chain ${family} deaf input { type filter hook input priority 0; }; add rule ${family} deaf input ${errors} drop"`,
      );
    expect(await transferred(address)).toBe(true);
    // That it is for this rule that it does: without it, the connection begins and hangs.
    await bottle.sh('sites', 'one', 'nft flush chain inet netbottle segment-size');
    await bottle.sh('sites', 'two', 'nft flush chain inet netbottle segment-size');
    expect(await transferred(address)).toBe(false);
    await bottle.ok('up', '-y', '--no-verify', write(host, sites));
    expect(await transferred(address)).toBe(true);
  },
);

test('the rule says where it comes from', async () => {
  expect(await bottle.sh('sites', 'one', 'nft list chain inet netbottle segment-size')).toContain('comment "networks.tunnel"');
});
