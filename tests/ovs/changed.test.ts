/** Frames that flows change: what the proof and `explain` say of them, and what becomes of real packets. */
import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);

const text = `name: changed
switches:
  sw:
    type: ovs
    flows:
      # The web of c under the address of b, in both families.
      - match: [in_port=a, tcp, ip_dst=10.0.0.2, tcp_dst=8080]
        actions: ["set_field:10.0.0.3->ip_dst", "set_field:02:00:00:00:00:03->eth_dst", "set_field:80->tcp_dst", "output:c"]
      - match: [in_port=c, tcp, ip_dst=10.0.0.1, tcp_src=80]
        actions: ["set_field:10.0.0.2->ip_src", "set_field:8080->tcp_src", normal]
      - match: [in_port=a, tcp6, "ipv6_dst=fd00::2", tcp_dst=8080]
        actions: ["set_field:fd00::3->ipv6_dst", "set_field:02:00:00:00:00:03->eth_dst", "goto_table:3"]
      - { table: 3, match: [tcp6, "ipv6_dst=fd00::3", tcp_dst=8080], actions: ["set_field:80->tcp_dst", dec_ttl, normal] }
      - match: [in_port=c, tcp6, "ipv6_dst=fd00::1", tcp_src=80]
        actions: ["set_field:fd00::2->ipv6_src", "set_field:8080->tcp_src", "output:a"]
      # What would go to x by the router ends on this side of it.
      - match: [in_port=b, udp, ip_dst=10.9.0.5, udp_dst=53]
        actions: ["set_field:10.0.0.3->ip_dst", "set_field:02:00:00:00:00:03->eth_dst", normal]
      - match: [in_port=c, udp, ip_dst=10.0.0.2, udp_src=53]
        actions: ["set_field:10.9.0.5->ip_src", normal]
      # Nothing goes further than the router.
      - { match: [in_port=c, tcp, tcp_dst=22], actions: ["set_field:2->nw_ttl", dec_ttl, normal] }
      # Answers in a name that nobody has asked.
      - { match: [in_port=b, tcp, tcp_src=22, ip_dst=10.0.0.3], actions: ["set_field:10.0.0.77->ip_src", normal] }
      # One bucket for both.
      - { priority: 5, match: [in_port=c, tcp, ip_dst=10.0.0.1, tcp_dst=80], actions: "group:1" }
    groups:
      - id: 1
        type: select
        buckets: [{ weight: 1, actions: [dec_ttl, "output:a"] }, { weight: 1, actions: ["output:a", dec_ttl] }]
networks:
  lan: { subnet: [10.0.0.0/24, fd00::/64], switch: sw }
  far: { subnet: 10.9.0.0/24 }
routers:
  r: { networks: { lan: [10.0.0.20, "fd00::20"], far: 10.9.0.20 } }
machines:
  a: { networks: { lan: { address: [10.0.0.1, "fd00::1"], mac: "02:00:00:00:00:01" } }, listen: [http, ssh] }
  b: { networks: { lan: { address: [10.0.0.2, "fd00::2"], mac: "02:00:00:00:00:02" } }, listen: [http, ssh] }
  c: { networks: { lan: { address: [10.0.0.3, "fd00::3"], mac: "02:00:00:00:00:03" } }, listen: [http, ssh, udp/53] }
  x: { networks: { far: 10.9.0.5 }, listen: [ssh, http] }
expect:
  a -> b: [tcp/8080, ssh, ping]
  a -> c: [ssh, ping]
  b -> x: [udp/53, ssh, ping]
  b -> a: ping
  c -> a: [http, ssh, ping]
  c -> x: [http, ping]
  c -> b: [http, ping]
`;

interface Said {
  readonly promise: string;
  readonly state: string;
}

test('is proved as it is seen with real packets', async () => {
  await bottle.ok('up', '-y', '--no-verify', '--no-prove', write(host, text));
  const { stdout } = await bottle(['verify', 'changed', '-o', 'json']);
  const { verdicts, proofs } = JSON.parse(stdout) as { readonly verdicts: readonly Said[]; readonly proofs: readonly Said[] };
  expect(verdicts.map(({ promise, state }, index) => `${promise}: ${proofs[index]?.state} ${state}`)).toEqual(
    verdicts.map(({ promise }) => `${promise}: proved held`),
  );
  expect(verdicts).toHaveLength(7);
});

test.each([
  // From port 8080 of b; the answer goes to c.
  ['b -> a: http', 'b', 'curl -s -m 2 --local-port 8080 http://10.0.0.1/'],
  // The last hop is that of the router.
  ['c -> x: ssh', 'c', 'curl -s -m 2 telnet://10.9.0.5:22'],
  ['c -> b: ssh', 'c', 'curl -s -m 2 telnet://10.0.0.2:22'],
] as const)('%s is refuted, and real packets are lost', async (promise, machine, command) => {
  const [ends, service] = promise.split(': ');
  const refuted = text.replace(/expect:\n.*$/s, `expect:\n  ${ends}: ${service}\n`);
  expect(await bottle(['up', '-y', '--no-verify', write(host, refuted)])).toMatchObject({ status: 3 });
  expect((await bottle.sh('changed', machine, `${command} < /dev/null > /dev/null && echo works || echo fails`)).trim()).toBe('fails');
});

test('`explain` shows what frames become, and who gets them', async () => {
  const { stdout } = await bottle(['explain', 'a', 'b', 'tcp/8080', '-b', 'changed']);
  expect(stdout.match(/becomes .*/g)).toEqual([
    'becomes 10.0.0.1:40000 -> 10.0.0.3:80, to 02:00:00:00:00:03',
    'becomes 10.0.0.2:8080 -> 10.0.0.1:40000',
    'becomes [fd00::1]:40000 -> [fd00::3]:8080, to 02:00:00:00:00:03',
    'becomes [fd00::1]:40000 -> [fd00::3]:80, hop limit 63',
    'becomes [fd00::2]:8080 -> [fd00::1]:40000',
  ]);
  expect(stdout).toContain('a -> b tcp/8080, IPv4: arrives at c');
  expect(stdout.match(/^and back: .*/gm)).toEqual(['and back: arrives', 'and back: arrives']);
});
