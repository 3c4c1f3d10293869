/** What the file says of switches of Open vSwitch, measured on the real kernel and compared with what the proof says of it. */

import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);

const file = (flows: string, expected: string, more = ''): string => `name: flows
switches:
  sw:
    type: ovs
    flows:
${flows
  .trim()
  .split('\n')
  .map((line) => `      - ${line.trim()}`)
  .join('\n')}
${more}
networks:
  lan: { subnet: [10.0.0.0/24, fd00::/64], switch: sw }
machines:
  a: { networks: { lan: [10.0.0.1, "fd00::1"] }, listen: [http, ssh] }
  b: { networks: { lan: [10.0.0.2, "fd00::2"] }, listen: [http, ssh] }
  c: { networks: { lan: [10.0.0.3, "fd00::3"] }, listen: [http, ssh] }
  probe: { networks: { lan: [10.0.0.9, "fd00::9"] } }
expect:
${expected
  .trim()
  .split('\n')
  .map((line) => `  ${line.trim()}`)
  .join('\n')}
`;

interface Said {
  readonly promise: string;
  readonly state: string;
}

/** What becomes of each promise: proved or not, and held or not. */
async function measured(text: string): Promise<readonly string[]> {
  await bottle.ok('up', '-y', '--no-verify', write(host, text));
  const { stdout } = await bottle(['verify', 'flows', '-o', 'json']);
  const { verdicts, proofs } = JSON.parse(stdout) as { readonly verdicts: readonly Said[]; readonly proofs: readonly Said[] };
  return verdicts.map(({ promise, state }, index) => `${promise}: ${proofs[index]?.state} ${state}`);
}

test.each([
  {
    what: 'tables, priorities and ports',
    flows: `
      { priority: 20, match: in_port=a, actions: "goto_table:1" }
      { priority: 10, match: [tcp6, tcp_dst=22], actions: drop }
      { table: 1, priority: 5, match: [tcp, tcp_dst=80/0xfff0, ip_dst=10.0.0.2/31], actions: drop }
      { table: 1, priority: 4, match: arp, actions: flood }
      { table: 1, priority: 3, match: [ip, eth_src=02:00:00:00:00:00/ff:00:00:00:00:00], actions: normal }
      { table: 1, priority: 2, match: ipv6, actions: ["output:b", "output:c"] }`,
    expected: `
      a -> b: ssh
      b -> a: http
      c -> b: http
      c -> probe: ping`,
  },
  {
    what: 'a default that drops, and what is let through',
    flows: `
      { priority: 10, match: arp, actions: normal }
      { priority: 10, match: [icmp6, icmpv6_type=135], actions: normal }
      { priority: 10, match: [icmp6, icmpv6_type=136], actions: normal }
      { priority: 9, match: [tcp, tcp_dst=80, ip_dst=10.0.0.2], actions: "output:b" }
      { priority: 8, match: [tcp, tcp_src=80, ip_src=10.0.0.2], actions: "group:1" }
      { priority: 0, actions: drop }`,
    more: '    groups: [{ id: 1, buckets: [{ actions: "output:a" }, { actions: "output:c" }] }]',
    expected: `
      c -> a: nothing
      a -> c: nothing
      probe -> c: nothing`,
  },
  {
    what: 'groups with one bucket that has weight, or with none',
    flows: `
      { priority: 10, match: [in_port=probe, tcp], actions: "group:1" }
      { priority: 10, match: [in_port=c], actions: "group:2" }`,
    more: `    groups:
      - { id: 1, type: select, buckets: [{ weight: 0, actions: "output:a" }, { weight: 5, actions: "output:b" }] }
      - { id: 2, type: select, buckets: [{ weight: 0, actions: "output:b" }] }`,
    expected: `
      probe -> b: [http, ssh, ping]
      probe -> a: ping
      c -> b: nothing`,
  },
  {
    what: 'groups that choose, wherever their choice changes nothing or is known',
    flows: `
      { priority: 10, match: [in_port=probe, tcp, tcp_dst=80], actions: "group:1" }
      { priority: 10, match: [in_port=probe, tcp, tcp_dst=22], actions: "group:2" }
      { priority: 9, match: [in_port=c, ip, ip_dst=10.0.0.77], actions: ["set_field:10.0.0.2->ip_dst", normal] }`,
    more: `    groups:
      - { id: 1, type: select, buckets: [{ weight: 1, actions: "output:a" }, { weight: 1, actions: normal }] }
      - { id: 2, type: ff, buckets: [{ watch_port: b, actions: "output:b" }, { watch_port: a, actions: "output:a" }] }`,
    expected: `
      probe -> a: [ping, http]
      probe -> b: [ping, ssh]
      c -> b: [ping, http]`,
  },
  {
    what: 'no neighbour is found where the question is dropped',
    flows: `{ match: [arp, in_port=a, arp_op=1, arp_tpa=10.0.0.2], actions: drop }`,
    expected: `
      c -> b: [ping, http, ssh]
      a -> c: [ping, http, ssh]`,
  },
])('$what: proved and held', async ({ flows, expected, more }) => {
  const promises = expected.trim().split('\n').length;
  const said = await measured(file(flows, expected, more));
  expect(said).toHaveLength(promises);
  expect(said.filter((one) => !one.endsWith(': proved held'))).toEqual([]);
});

test('where it hangs on the choice of a group where frames go, it is measured and not proved; all else is proved', async () => {
  const flows = `
    { priority: 10, match: [in_port=a, tcp, tcp_dst=80], actions: "group:1" }`;
  const groups = '    groups: [{ id: 1, type: select, buckets: [{ weight: 1, actions: "output:b" }, { weight: 1, actions: "output:c" }] }]';
  const promises = `
    a -> b: ssh
    c -> b: http
    a -> probe: ping`;
  expect(await measured(file(flows, promises, groups))).toEqual(['a -> b: proved held', 'c -> b: proved held', 'a -> probe: proved held']);
  expect(await bottle(['explain', 'a', 'b', 'http', '-b', 'flows'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('error[not-followed]: a flow of sw lets a group choose'),
  });
});

test('a mirror gives copies to a port that carries nothing else', async () => {
  const mirrored = file(
    '{ priority: 0, actions: normal }',
    'probe -> a: nothing',
    '    mirrors: { tap: { sources: a, destinations: a, to: probe } }',
  );
  expect(await measured(mirrored)).toEqual(['probe -> a: proved held']);
  const seen = bottle.sh('flows', 'probe', 'timeout 20 tcpdump -l -n -i lan -c 2 "icmp and host 10.0.0.1 and host 10.0.0.2" 2>/dev/null');
  await expect
    .poll(async () => {
      await bottle.sh('flows', 'b', 'ping -c 1 -W 1 10.0.0.1');
      return await Promise.race([seen, new Promise<string>((resolve) => setTimeout(() => resolve(''), 100))]);
    })
    .toContain('echo reply');
});

test('a controller that is named tells the switch its flows', async () => {
  const path = file('{ priority: 0, actions: normal }', 'a -> b: ping').replace(
    / {4}flows:\n(?: {6}- .*\n)+/,
    '    controller: punix:/tmp/sw.sock\n',
  );
  expect(await measured(path)).toEqual(['a -> b: not-proved held']);
  const socket = await sh(host, 'find /run -name sw.mgmt');
  await sh(host, `ovs-ofctl -O OpenFlow14 add-flow unix:${socket} icmp,actions=drop`);
  expect(await bottle(['plan', write(host, path)])).toMatchObject({ status: 0 });
  expect(await bottle.sh('flows', 'a', 'ping -c 1 -W 1 10.0.0.2')).toContain(' 0 received');
});

test('it all goes without a trace', () => bottle.ok('down', '-y', 'flows'));
