/** Random matches of all that rulesets have words for, such as nft takes. */
import fc from 'fast-check';
import type { DataType, Field } from '../../src/resource/ruleset/field.ts';
import { match, type Statement } from '../../src/resource/ruleset/statement.ts';
import type { Atom, Value } from '../../src/resource/ruleset/value.ts';
import type { Table } from '../../src/resource/table.ts';

export type Arb<T> = fc.Arbitrary<T>;

export const of = <const T>(...values: readonly T[]): Arb<T> => fc.constantFrom(...values);

export const ipv4 = of('10.0.0.1', '10.0.0.2', '192.0.2.255', '0.0.0.0', '255.255.255.255', '127.0.0.1');
export const ipv6 = of('::1', 'fd00::1', 'fd00:0:0:1::', '2001:db8::ffff', 'ff02::1', '::');
export const ipv4Prefix = of('10.0.0.0/8', '10.0.0.0/24', '192.168.0.0/16', '0.0.0.0/0', '10.9.0.1/32', '128.0.0.0/1', '10.1.0.0/31').map(
  prefix,
);
export const ipv6Prefix = of('fe80::/10', 'fd00::/8', '::/0', '2001:db8::/32', '2001:db8::1/128', '::ffff:0:0/96').map(prefix);

export function prefix(text: string): Value {
  const [address = '', length] = text.split('/');
  return { prefix: address, length: Number(length) };
}

export const port = fc.integer({ min: 0, max: 65535 });
export const portRange = fc.tuple(port, port).map(([a, b]): Value => ({ from: Math.min(a, b), to: Math.max(a, b) }));
export const name = of('eth0', 'lab-web', 'na-*', 'x.y@z', 'tcp', '10');
const mac = of('02:00:00:00:00:01', '02:4a:23:87:6d:8f', 'ff:ff:ff:ff:ff:ff');
const small = fc.integer({ min: 0, max: 255 });
const protocol = of<Atom>('tcp', 'udp', 'icmp', 'ipv6-icmp', 'sctp');
export const mark = fc.integer({ min: 0, max: 0xffffffff });
const etherType = of<Atom>('ip', 'arp', 'ip6', '8021q', 0x1234);
const ctState = of('new', 'established', 'related', 'invalid', 'untracked');
const ctStatus = of('dnat', 'snat', 'assured', 'seen-reply', 'confirmed', 'expected');
const tcpFlag = of('syn', 'ack', 'fin', 'rst', 'psh');
const icmpType = of<Atom>('echo-request', 'echo-reply', 'time-exceeded', 'destination-unreachable', 77);
const icmpv6Type = of<Atom>('echo-request', 'nd-neighbor-solicit', 'nd-router-advert', 'packet-too-big', 'mld2-listener-report', 200);

export const atoms: { readonly [T in Exclude<DataType, `@${string}`>]: Arb<Atom> } = {
  ipv4_addr: ipv4,
  ipv6_addr: ipv6,
  ether_addr: mac,
  ether_type: etherType,
  inet_proto: protocol,
  inet_service: port,
  ifname: name.filter((one) => !one.endsWith('*')),
  mark,
  ct_state: ctState,
  icmp_type: icmpType,
  icmpv6_type: icmpv6Type,
};

const values: { readonly [F in Field]?: Arb<Value> } = {
  iifname: name,
  oifname: name,
  'meta nfproto': of('ipv4', 'ipv6'),
  'meta protocol': etherType,
  'meta l4proto': protocol,
  'meta mark': mark,
  'meta pkttype': of('broadcast', 'multicast', 'host', 'other'),
  'meta length': fc.oneof(fc.integer({ min: 0, max: 65535 }), portRange),
  'ct state': ctState,
  'ct status': ctStatus,
  'ct direction': of('original', 'reply'),
  'ct mark': mark,
  'fib daddr type': of('local', 'unicast', 'broadcast', 'multicast', 'anycast'),
  'ether saddr': mac,
  'ether daddr': mac,
  'ether type': etherType,
  'vlan id': fc.integer({ min: 0, max: 4095 }),
  'vlan type': of('ip', 'arp', 'ip6'),
  'arp operation': of<Atom>('request', 'reply', 77),
  'arp saddr ether': mac,
  'arp saddr ip': fc.oneof(ipv4, ipv4Prefix),
  'arp daddr ip': fc.oneof(ipv4, ipv4Prefix),
  'ip saddr': fc.oneof(
    ipv4,
    ipv4Prefix,
    fc.constant({ from: '10.0.0.3', to: '10.0.0.17' }),
    fc.constant({ from: '10.0.0.4', to: '10.0.0.7' }),
  ),
  'ip daddr': fc.oneof(ipv4, ipv4Prefix),
  'ip protocol': of('tcp', 'udp', 'sctp'),
  'ip length': port,
  'ip frag-off': port,
  'ip6 saddr': fc.oneof(ipv6, ipv6Prefix, fc.constant({ from: 'fd00::3', to: 'fd00::1:0' })),
  'ip6 daddr': fc.oneof(ipv6, ipv6Prefix),
  'ip6 nexthdr': of('tcp', 'udp', 'sctp'),
  'ip6 length': port,
  'ip6 hoplimit': small,
  'exthdr frag': of('exists', 'missing'),
  'frag frag-off': small,
  'igmp type': of<Atom>('membership-query', 'leave-group', 3),
  'icmp type': icmpType,
  'icmpv6 type': icmpv6Type,
  'th sport': fc.oneof(port, portRange),
  'th dport': fc.oneof(port, portRange),
  'tcp sport': fc.oneof(port, portRange),
  'tcp dport': fc.oneof(port, portRange),
  'tcp flags': tcpFlag,
  'udp sport': fc.oneof(port, portRange),
  'udp dport': fc.oneof(port, portRange),
  '@nh,0,4': fc.integer({ min: 0, max: 15 }),
  '@nh,51,13': fc.integer({ min: 0, max: 8191 }),
  '@nh,96,32': mark,
  '@nh,64,32': mark,
  '@th,0,8': small,
  '@th,16,16': port,
  '@th,48,16': port,
  '@th,144,16': port,
  '@th,192,16': port,
  '@ll,0,48': fc.integer({ min: 0, max: 2 ** 48 - 1 }),
};

/** Fields that a packet can have together. */
const always: readonly Field[] = ['iifname', 'oifname', 'meta mark', 'meta pkttype', 'meta length'];
const tracked: readonly Field[] = ['ct state', 'ct status', 'ct direction', 'ct mark', 'fib daddr type'];
const framed: readonly Field[] = ['ether saddr', 'ether daddr', '@ll,0,48'];
const networks: readonly (readonly Field[])[] = [
  ['ip saddr', 'ip daddr', 'ip protocol', 'ip length', 'ip frag-off', '@nh,51,13', '@nh,96,32'],
  ['ip6 saddr', 'ip6 daddr', 'ip6 nexthdr', 'ip6 length', 'ip6 hoplimit', 'exthdr frag', 'frag frag-off'],
  ['@nh,0,4', '@nh,96,32'],
];
const arp: readonly Field[] = ['arp operation', 'arp saddr ether', 'arp saddr ip', 'arp daddr ip', '@nh,64,32'];
const vlan: readonly Field[] = ['vlan id', 'vlan type'];
const transports: readonly (readonly Field[])[] = [
  ['tcp sport', 'tcp dport', 'tcp flags', '@th,144,16', '@th,16,16'],
  ['udp sport', 'udp dport', '@th,48,16'],
  ['th sport', 'th dport', '@th,0,8', '@th,16,16'],
  ['@th,192,16', '@th,0,8'],
];

const FLAGS: ReadonlySet<Field> = new Set<Field>(['ct state', 'ct status', 'tcp flags']);

export const isWild = (value: Value): boolean => typeof value === 'string' && value.endsWith('*');
const isWide = (value: Value): boolean => typeof value === 'object' || isWild(value);

/** In one pair of braces nothing overlaps, or nft makes one of it: that is tried with ports only. */
function matchOf(field: Field): Arb<Statement> {
  const value = values[field] ?? fc.constant(1);
  const several = fc.array(value, { minLength: 1, maxLength: 4 }).map((all) => {
    const narrow = all.filter((one) => !isWide(one));
    return field.endsWith('port') || narrow.length === 0 ? (field.endsWith('port') ? all : all.slice(0, 1)) : narrow;
  });
  const operators = FLAGS.has(field) ? of('==', '!=', 'in') : of('==', '==', '!=');
  return fc
    .tuple(several, operators)
    .map(([all, operator]): Statement => ({ kind: 'match', fields: [field], operator, among: all.map((one) => [one]) }));
}

const someOf = (fields: readonly Field[], most: number): Arb<readonly Statement[]> =>
  fc.subarray([...fields], { maxLength: Math.min(most, fields.length) }).chain((chosen) => fc.tuple(...chosen.map(matchOf)));

/** Matches in front of what they are implied by: nft hides some of them. */
const stated: { readonly [field: string]: Statement } = {
  ip: match('meta nfproto', 'ipv4'),
  ip6: match('meta nfproto', 'ipv6'),
  tcp: match('meta l4proto', 'tcp'),
  udp: match('meta l4proto', 'udp'),
};

/** nft 1.0.6 makes one comparison of two that exclude neighbouring bytes, which is wrong: see `Match`. */
function onceUnequal(): (statement: Statement) => Statement {
  let seen = false;
  return (statement) => {
    if (statement.kind !== 'match' || statement.operator !== '!=') return statement;
    const again = seen;
    seen = true;
    return again ? { ...statement, operator: '==' } : statement;
  };
}

export function matches(family: Table['family']): Arb<readonly Statement[]> {
  const network = family === 'ip' ? networks[0] : family === 'ip6' ? networks[1] : undefined;
  const below = fc
    .tuple(
      of(...(network === undefined ? [...networks, ...(family === 'bridge' ? [arp, vlan] : [])] : [network])),
      of(...transports),
      fc.boolean(),
    )
    .chain(([net, transport, explicit]) => {
      const onIp = net !== arp && net !== vlan;
      return fc.tuple(someOf(net, 3), onIp ? someOf(transport, 2) : fc.constant([])).map(([first, second]) => {
        const facts = [...first, ...second].flatMap((one) => {
          const text = one.kind === 'match' ? one.fields[0]?.split(' ')[0] : undefined;
          const fact = text === undefined ? undefined : stated[text];
          return fact === undefined || !explicit || (text?.startsWith('ip') === true && family !== 'inet') ? [] : [fact];
        });
        // A packet of one protocol has no header of another.
        const named = second.some((one) => one.kind === 'match' && !/^(@|th)/.test(one.fields[0] ?? ''));
        const fitting = named ? first.filter((one) => one.kind !== 'match' || !/protocol|nexthdr/.test(one.fields[0] ?? '')) : first;
        return [...new Set(facts), ...fitting, ...second].map(onceUnequal());
      });
    });
  const icmp = of<Field>('icmp type', 'igmp type').chain(matchOf);
  const icmpv6 = fc
    .tuple(matchOf('icmpv6 type'), someOf(['@th,16,16', '@th,192,16'], 1))
    .map(([one, rest]): readonly Statement[] => [one, ...rest]);
  // nft 1.0.6 aborts when it lists ports of a protocol that it knows none of.
  const l4 = fc
    .tuple(of(['tcp', 'udp'], ['tcp'], ['sctp'], ['udp', 'sctp']), matchOf('th dport'))
    .map(([all, other]): readonly Statement[] => [match('meta l4proto', ...all), other]);
  const before = family === 'bridge' ? [...always.filter((field) => field !== 'oifname'), ...framed] : [...always, ...tracked];
  return fc
    .tuple(
      someOf(before, 3),
      fc.oneof(
        { weight: 6, arbitrary: below },
        ...(family === 'ip6' ? [] : [{ weight: 1, arbitrary: icmp.map((one): readonly Statement[] => [one]) }]),
        ...(family === 'ip' ? [] : [{ weight: 1, arbitrary: icmpv6 }]),
        { weight: 1, arbitrary: l4 },
        ...(family === 'bridge' ? [{ weight: 1, arbitrary: someOf(['ether type', 'meta protocol'], 1) }] : []),
      ),
    )
    .map(([one, other]) => [...one, ...other]);
}
