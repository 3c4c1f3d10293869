import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { bottleIn, sh, write } from './bottle.ts';

const text = `name: lab
networks:
  net: { subnet: [10.9.0.0/24, fd09::/64] }
  side: { subnet: [10.8.0.0/24, fd08::/64], dns: 192.0.2.53 }
routers:
  gate: { networks: { net: [10.9.0.1, fd09::1], side: [10.8.0.1, fd08::1] } }
machines:
  one: { networks: { net: [10.9.0.11, fd09::11] } }
  two: { networks: { side: [10.8.0.12, fd08::12] } }
`;

interface Told {
  readonly changes: readonly { readonly identity: string; readonly place?: { readonly line: number } }[];
}

const host = hostForAll();
const bottle = bottleIn(host);
let before: HostState;
beforeAll(async () => {
  before = await host.state();
  await bottle.ok('up', write(host, text));
});
afterAll(async () => {
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

const inside = (name: string, command: string): string => `ip netns exec lab.${name} ${command}`;

/** What somebody did meanwhile, what has to be put right, and the line of the file that it comes from. */
const drifts: readonly (readonly [what: string, command: string, identity: string, line: number])[] = [
  ['an address that is gone', inside('one', 'ip addr del 10.9.0.11/24 dev net'), 'address:lab.one/net/10.9.0.11/24', 8],
  ['an IPv6 address that is gone', inside('two', 'ip addr del fd08::12/64 dev side'), 'address:lab.two/side/fd08::12/64', 9],
  ['a route that is gone', inside('one', 'ip route del default'), 'route:lab.one/0.0.0.0/0', 8],
  ['a route that leads elsewhere', inside('two', 'ip route replace default via 10.8.0.99'), 'route:lab.two/0.0.0.0/0', 9],
  ['an IPv6 route that is gone', inside('two', 'ip -6 route del default'), 'route:lab.two/::/0', 9],
  ['a link that is down', inside('one', 'ip link set net down'), 'veth:one/net', 8],
  ['another MAC address', inside('two', 'ip link set side address 02:00:00:00:00:01'), 'veth:two/side', 9],
  ['a setting', inside('one', 'sysctl -qw net.ipv4.ip_forward=1'), 'sysctl:lab.one/net/ipv4/ip_forward', 8],
  ['checksums that are made', inside('gate', 'ethtool -K net tx off'), 'veth:gate/net', 6],
  ['name servers that were edited', 'echo "nameserver 192.0.2.1" >> /run/netbottle/lab/files/resolv.two', 'file:files/resolv.two', 9],
];

test.each(drifts)('%s is found and put right by an `up` of the same text', async (_what, command, identity, line) => {
  await sh(host, command);
  const { changes } = await bottle.json<Told>(2, 'plan', 'bottle.yaml');
  expect(changes.map((change) => change.identity)).toContain(identity);
  expect(changes.find((change) => change.identity === identity)?.place?.line).toBe(line);
  await bottle.ok('up', 'bottle.yaml');
  expect(await bottle.ok('plan', 'bottle.yaml')).toContain('Nothing to do');
});

const KEPT = '/run/netbottle/lab/reading.*';

test('what the text says is kept once, and never taken for what another text says', async () => {
  expect(await sh(host, `ls ${KEPT} | wc -l`)).toBe('1');
  const names = await sh(host, `ls ${KEPT}`);
  await bottle.ok('up', write(host, `# The same in other words.\n${text}`));
  expect(await sh(host, `ls ${KEPT}`)).not.toBe(names);
  expect(await sh(host, `ls ${KEPT} | wc -l`)).toBe('1');
  await bottle.ok('up', '-y', write(host, text.replace('10.9.0.11', '10.9.0.12')));
  expect(await sh(host, inside('one', 'ip -4 -br addr show net'))).toContain('10.9.0.12/24');
  await bottle.ok('up', '-y', write(host, text));
  expect(await sh(host, inside('one', 'ip -4 -br addr show net'))).toContain('10.9.0.11/24');
});

test('what differs in a line is planned as if all of it were read', async () => {
  await bottle.ok('up', '-y', write(host, text));
  const more = write(host, text.replace('  two:', '  # One more.\n  three: { networks: { side: 10.8.0.13 } }\n  two:'), 'more.yaml');
  const quick = await bottle.json<Told>(2, 'plan', more);
  await sh(host, `mkdir /run/kept; mv ${KEPT} /run/kept`);
  try {
    expect(await bottle.json<Told>(2, 'plan', more)).toEqual(quick);
  } finally {
    await sh(host, 'mv /run/kept/* /run/netbottle/lab; rmdir /run/kept');
  }
  expect(quick.changes.find(({ identity }) => identity === 'veth:three/side')?.place?.line).toBe(10);
});

test('where it is damaged the text is read', async () => {
  await sh(host, `sed -i 's/10.9.0.11/10.9.0.77/' ${KEPT}`);
  expect(await bottle.ok('up', 'bottle.yaml')).toContain('Nothing to do');
  expect(await sh(host, `grep -c 10.9.0.77 ${KEPT} || :`)).toBe('0');
  await sh(host, `truncate -s 20 ${KEPT}`);
  expect(await bottle.ok('up', 'bottle.yaml')).toContain('Nothing to do');
  await sh(host, `rm ${KEPT}`);
  expect(await bottle.ok('up', 'bottle.yaml')).toContain('Nothing to do');
});

test('warnings are told each time, with their places', async () => {
  write(host, text.replace('routers:', '  idle: { subnet: 10.7.0.0/24 }\nrouters:'));
  for (let time = 0; time < 2; time++) {
    const { status, stderr } = await bottle(['up', 'bottle.yaml']);
    expect([status, stderr]).toEqual([0, expect.stringContaining('bottle.yaml:5:3: warning[unused-network]')]);
  }
});
