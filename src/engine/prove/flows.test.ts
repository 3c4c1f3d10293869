/** What is proved of flows of OpenFlow, by sets of packets and by following single ones: the two have to agree. */
import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { networkOf } from '../../network/testing.fixture.ts';
import { questionsOf } from '../../observe/questions.ts';
import { codeOf } from '../../proof/field-codes.ts';
import { NotFollowed } from '../../proof/path/not-followed.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { groundFor } from './ground-for.ts';
import { prove } from './prove.ts';
import { answerTo } from './replay.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

type Switch = NonNullable<BottleFile['switches']>[string];
type Said = 'works' | 'fails' | 'not known';

interface Case {
  readonly what: string;
  readonly flows: Switch['flows'];
  readonly groups?: Switch['groups'];
  /** Instead of IPv4. */
  readonly six?: true;
  /** Cables that are out. */
  readonly pulled?: readonly string[];
  readonly said: Readonly<Record<string, Said>>;
  /** Promises that are proved besides. */
  readonly only?: readonly string[];
}

const fileOf = ({ flows, groups, six }: Case): BottleFile => ({
  name: 'lab',
  networks: { lan: { subnet: six === true ? 'fd00::/64' : '10.0.0.0/24', switch: 'sw' } },
  switches: { sw: { type: 'ovs', flows, ...(groups !== undefined && { groups }) } },
  machines: Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name, index) => [
      name,
      {
        networks: { lan: { address: six === true ? `fd00::${index + 1}` : `10.0.0.${index + 1}`, mac: `02:00:00:00:00:0${index + 1}` } },
        listen: ['tcp/80', 'tcp/22', 'tcp/8080', 'udp/53'],
      },
    ]),
  ),
});

function asked(one: Case, promise: string) {
  const [ends = '', services = ''] = promise.split(': ');
  const network = networkOf({ ...fileOf(one), expect: { [ends]: services.split(', ') } });
  return { network, resources: compile(network, host, { pulled: new Set(one.pulled ?? []) }) };
}

function bySets(one: Case, promise: string): string {
  const { network, resources } = asked(one, promise);
  const [proof] = prove(network, resources);
  return `${proof?.state}${proof?.reason?.includes('disagree') ? ' (disagrees)' : ''}`;
}

/** Whether all packets that are asked about are answered, or none is. */
function byPackets(one: Case, promise: string): Said | 'both' {
  const { network, resources } = asked(one, promise);
  const { model } = groundFor(network, resources);
  const answers = questionsOf(network)
    .flatMap(({ asks }) => asks)
    .map(({ probe: { from, source, to, protocol, port } }): Said => {
      const isEcho = protocol === 'icmp';
      const name = to.family === 4 ? 'icmp' : 'icmpv6';
      const type = Number(codeOf(to.family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request'));
      try {
        const answer = answerTo(model, namespaceOf(network.name, from), {
          family: to.family,
          source: source ?? networkAddress(network, from, to.family),
          destination: to,
          protocol: Number(codeOf('inet_proto', isEcho ? name : protocol)),
          ...(isEcho ? { icmpType: type } : { sourcePort: 40_000, destinationPort: port ?? 0 }),
        });
        return answer?.isKnown === true ? 'works' : 'fails';
      } catch (error) {
        if (error instanceof NotFollowed) return 'not known';
        throw error;
      }
    });
  const [first = 'fails'] = answers;
  return answers.every((answer) => answer === first) ? first : 'both';
}

function networkAddress(network: ReturnType<typeof networkOf>, name: string, family: number) {
  const own = network.nodes.find((node) => node.name === name)?.interfaces.flatMap(({ addresses }) => addresses);
  const found = own?.find(({ address }) => address.family === family);
  if (found === undefined) throw new Error(`${name} has no address`);
  return found.address;
}

const inSets: Readonly<Record<Said, string>> = { works: 'proved', fails: 'refuted', 'not known': 'not-proved' };

const select = (...buckets: readonly { readonly weight?: number; readonly actions: string | readonly string[] }[]) => [
  { id: 1, type: 'select', buckets },
];
const watching = (...ports: readonly string[]) => [
  { id: 1, type: 'ff', buckets: ports.map((port) => ({ watch_port: port, actions: `output:${port}` })) },
];
const web = ['in_port=a', 'tcp', 'tcp_dst=80'];
const toGroup = [{ match: web, actions: 'group:1' }] as never;

/** Who asks b for its port 8080 gets c's web, and does not know. */
const there = {
  match: ['in_port=a', 'tcp', 'ip_dst=10.0.0.2', 'tcp_dst=8080'],
  actions: ['set_field:10.0.0.3->ip_dst', 'set_field:02:00:00:00:00:03->eth_dst', 'set_field:80->tcp_dst', 'output:c'],
};
const back = {
  match: ['in_port=c', 'tcp', 'ip_dst=10.0.0.1', 'tcp_src=80'],
  actions: ['set_field:10.0.0.2->ip_src', 'set_field:8080->tcp_src', 'output:a'],
};

const cases: readonly Case[] = [
  {
    what: 'packets to another receiver, and answers in the name of the first',
    flows: [there, back] as never,
    said: {
      'a -> b: tcp/8080': 'works',
      'a -> b: tcp/22': 'works',
      'a -> c: tcp/80': 'fails',
      'a -> c: tcp/22': 'works',
      'd -> c: tcp/80': 'works',
      'd -> b: tcp/8080': 'works',
    },
    only: ['a -> b: tcp/1-65535, ping'],
  },
  {
    what: 'answers that come in another name are none',
    flows: [there] as never,
    said: { 'a -> b: tcp/8080': 'fails', 'a -> c: tcp/80': 'works' },
  },
  {
    what: 'a frame to another receiver goes by no port but the one behind which that is',
    flows: [{ ...there, actions: [...there.actions.slice(0, 3), 'output:d'] }, back] as never,
    said: { 'a -> b: tcp/8080': 'fails', 'a -> d: tcp/8080': 'works' },
  },
  {
    what: 'frames of IPv6 are changed likewise, and what they are then goes on',
    six: true,
    flows: [
      {
        match: ['in_port=a', 'tcp6', 'ipv6_dst=fd00::2'],
        actions: ['set_field:fd00::3->ipv6_dst', 'set_field:02:00:00:00:00:03->eth_dst', 'goto_table:4'],
      },
      { table: 4, match: ['tcp6', 'ipv6_dst=fd00::3', 'tcp_dst=22'], actions: 'drop' },
      { table: 4, match: ['tcp6', 'ipv6_dst=fd00::3', 'tcp_dst=53'], actions: ['set_field:80->tcp_dst', 'output:c'] },
      { table: 4, priority: 1, match: 'tcp6', actions: 'normal' },
      { match: ['in_port=c', 'tcp6', 'ipv6_dst=fd00::1'], actions: ['set_field:fd00::2->ipv6_src', 'normal'] },
    ] as never,
    said: {
      'a -> b: tcp/80': 'works',
      'a -> b: tcp/22': 'fails',
      'a -> b: tcp/53': 'fails',
      'a -> c: tcp/80': 'fails',
      'a -> b: ping': 'works',
    },
  },
  {
    what: 'both ends, in the name of a third',
    flows: [
      {
        match: ['in_port=a', 'udp', 'udp_dst=53'],
        actions: ['set_field:10.0.0.4->ip_src', 'set_field:10.0.0.3->ip_dst', 'set_field:02:00:00:00:00:03->eth_dst', 'normal'],
      },
      {
        match: ['in_port=c', 'udp', 'udp_src=53', 'ip_dst=10.0.0.4'],
        actions: ['set_field:10.0.0.2->ip_src', 'set_field:10.0.0.1->ip_dst', 'set_field:02:00:00:00:00:01->eth_dst', 'normal'],
      },
    ] as never,
    said: { 'a -> b: udp/53': 'works', 'd -> c: udp/53': 'fails', 'a -> b: tcp/22': 'works', 'b -> a: udp/53': 'works' },
  },
  {
    what: 'hops are counted, and the last is the end',
    flows: [
      { match: ['in_port=a', 'tcp', 'tcp_dst=22'], actions: ['set_field:2->nw_ttl', 'dec_ttl', 'normal'] },
      { match: ['in_port=a', 'tcp', 'tcp_dst=80'], actions: ['set_field:2->nw_ttl', 'dec_ttl', 'dec_ttl', 'normal'] },
      { match: ['in_port=a', 'icmp'], actions: 'group:1' },
    ] as never,
    groups: [{ id: 1, type: 'indirect', buckets: [{ actions: ['dec_ttl', 'output:b'] }] }] as never,
    said: { 'a -> b: tcp/22': 'works', 'a -> b: tcp/80': 'fails', 'a -> b: ping': 'works', 'a -> c: ping': 'fails' },
  },
  {
    what: 'a source that only a machine sees',
    flows: [{ match: web, actions: ['set_field:02:00:00:00:00:77->eth_src', 'output:b'] }] as never,
    said: { 'a -> b: tcp/80': 'works', 'a -> c: tcp/80': 'fails', 'a -> c: tcp/22': 'works' },
  },
  {
    what: 'what becomes several frames, or other fields, is not known',
    flows: [
      { match: web, actions: ['output:b', 'set_field:10.0.0.3->ip_dst', 'set_field:02:00:00:00:00:03->eth_dst', 'output:c'] },
      { match: ['in_port=a', 'tcp', 'tcp_dst=22'], actions: ['set_field:8->ip_dscp', 'normal'] },
      { match: ['in_port=a', 'tcp', 'tcp_dst=53'], actions: ['push_vlan:0x8100', 'set_field:4103->vlan_vid', 'output:b'] },
    ] as never,
    said: {
      'a -> b: tcp/80': 'not known',
      'a -> c: tcp/80': 'not known',
      'a -> b: tcp/22': 'not known',
      'a -> b: tcp/53': 'not known',
      'a -> b: tcp/54': 'works',
    },
  },
  {
    what: 'a group `select` whose buckets do the same',
    flows: toGroup,
    groups: select({ weight: 1, actions: 'output:b' }, { weight: 2, actions: 'normal' }, { weight: 0, actions: 'output:c' }) as never,
    said: { 'a -> b: tcp/80': 'works', 'a -> c: tcp/80': 'not known', 'a -> c: tcp/22': 'works', 'a -> b: ping': 'works' },
  },
  {
    what: 'a group `select` of which it hangs on the choice where frames go',
    flows: toGroup,
    groups: select({ weight: 1, actions: 'output:b' }, { weight: 1, actions: 'output:c' }) as never,
    said: {
      'a -> b: tcp/80': 'not known',
      'a -> c: tcp/80': 'not known',
      'a -> d: tcp/80': 'fails',
      'a -> b: tcp/22': 'works',
      'b -> c: tcp/80': 'works',
    },
    only: ['b -> a: tcp/80, tcp/22, ping'],
  },
  {
    what: 'what goes on to another table whatever a group chooses',
    flows: [
      { match: web, actions: ['group:1', 'goto_table:1'] },
      { table: 1, match: ['ip', 'ip_dst=10.0.0.4'], actions: 'drop' },
      { table: 1, priority: 0, actions: 'normal' },
    ] as never,
    groups: select({ weight: 1, actions: 'output:b' }, { weight: 1, actions: 'output:c' }) as never,
    said: { 'a -> b: tcp/80': 'not known', 'a -> d: tcp/80': 'fails', 'a -> d: tcp/22': 'works', 'b -> a: ping': 'works' },
  },
  {
    what: 'a group `ff` whose first port is up',
    flows: toGroup,
    groups: watching('b', 'c') as never,
    said: { 'a -> b: tcp/80': 'works', 'a -> c: tcp/80': 'fails', 'a -> c: tcp/22': 'works' },
  },
  {
    what: 'a group `ff` whose first port is out',
    flows: toGroup,
    groups: watching('b', 'c') as never,
    pulled: ['b/lan'],
    said: { 'a -> b: tcp/80': 'fails', 'a -> c: tcp/80': 'works' },
  },
  {
    what: 'a group of which each bucket is done, and IPv6',
    six: true,
    flows: [
      { match: ['in_port=a', 'tcp6', 'tcp_dst=80'], actions: 'group:1' },
      { match: ['in_port=a', 'tcp6', 'tcp_dst=22'], actions: 'group:2' },
    ] as never,
    groups: [
      { id: 1, buckets: [{ actions: 'output:b' }, { actions: 'output:c' }] },
      ...select({ weight: 1, actions: 'output:b' }, { weight: 1, actions: 'drop' }).map((one) => ({ ...one, id: 2 })),
    ] as never,
    said: {
      'a -> b: tcp/80': 'works',
      'a -> c: tcp/80': 'works',
      'a -> d: tcp/80': 'fails',
      'a -> b: tcp/22': 'not known',
      'a -> b: ping': 'works',
    },
  },
  {
    what: 'flows that are not followed leave all others as they are',
    flows: [
      { match: ['in_port=a', 'tcp', 'tcp_dst=80', 'tcp_flags=0x02/0x02'], actions: 'drop' },
      { match: ['in_port=a', 'tcp', 'tcp_dst=8080', 'nw_ttl=3'], actions: 'normal' },
      { priority: 7, match: ['tcp', 'ip_dst=10.0.0.2'], actions: 'drop' },
      { priority: 7, match: ['tcp', 'tcp_dst=8081'], actions: 'normal' },
    ] as never,
    said: {
      'a -> b: ping': 'works',
      'a -> b: tcp/8081': 'not known',
      'a -> b: tcp/80': 'not known',
      'a -> c: tcp/8080': 'not known',
      'c -> d: tcp/80': 'works',
      'c -> b: udp/53': 'works',
    },
  },
  {
    what: 'flows after which switches believe machines elsewhere leave nothing known',
    flows: [{ match: web, actions: ['set_field:02:00:00:00:00:03->eth_src', 'normal'] }] as never,
    said: { 'd -> c: tcp/22': 'not known' },
  },
];

for (const one of cases)
  test(one.what, () => {
    const found = Object.keys(one.said).map((promise) => [promise, bySets(one, promise), byPackets(one, promise)]);
    expect(found).toEqual(Object.entries(one.said).map(([promise, said]) => [promise, inSets[said], said]));
    expect((one.only ?? []).map((promise) => [promise, bySets(one, promise)])).toEqual(
      (one.only ?? []).map((promise) => [promise, 'proved']),
    );
  });
