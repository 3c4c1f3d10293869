/** Names that nft(8) has for numbers: `nft describe TYPE`. Of several for one number, it prints the first. */
import type { ValueType } from './value-type.ts';

type Symbols = Readonly<Record<string, number>>;

/** IANA protocol numbers. */
const protocols: Symbols = {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  comp: 108,
  sctp: 132,
  'mobility-header': 135,
  udplite: 136,
  hip: 139,
  shim6: 140,
};

const icmpTypes: Symbols = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

const icmpv6Types: Symbols = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
};

const igmpTypes: Symbols = {
  'membership-query': 0x11,
  'membership-report-v1': 0x12,
  'membership-report-v2': 0x16,
  'leave-group': 0x17,
  'membership-report-v3': 0x22,
};

const symbols: { readonly [T in ValueType]?: Symbols } = {
  inet_proto: protocols,
  icmp_type: icmpTypes,
  icmpv6_type: icmpv6Types,
  igmp_type: igmpTypes,
  // include/uapi/linux/if_ether.h.
  ether_type: { ip: 0x0800, arp: 0x0806, '8021q': 0x8100, vlan: 0x8100, ip6: 0x86dd, '8021ad': 0x88a8 },
  nf_proto: { ipv4: 2, ipv6: 10 },
  // include/uapi/linux/netfilter/nf_conntrack_common.h: a bit each.
  ct_state: { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  ct_status: { expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 },
  ct_dir: { original: 0, reply: 1 },
  // RTN_* of rtnetlink(7).
  fib_addrtype: {
    unspec: 0,
    unicast: 1,
    local: 2,
    broadcast: 3,
    anycast: 4,
    multicast: 5,
    blackhole: 6,
    unreachable: 7,
    prohibit: 8,
  },
  tcp_flag: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
  pkt_type: { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 },
  arp_op: { request: 1, reply: 2, rrequest: 3, rreply: 4, inrequest: 8, inreply: 9, nak: 10 },
  boolean: { missing: 0, exists: 1 },
};

/** Of several names for a number, the first. */
const byNumber = (known: Symbols): ReadonlyMap<number, string> =>
  new Map(
    Object.entries(known)
      .toReversed()
      .map(([name, number]): readonly [number, string] => [number, name]),
  );

const names = new Map(Object.entries<Symbols | undefined>(symbols).map(([type, known = {}]) => [type, byNumber(known)] as const));

export const numberOf = (type: ValueType, symbol: string): number | undefined => symbols[type]?.[symbol];

/** Undefined where there is none, as for ports and marks. */
export const symbolOf = (type: ValueType, number: number): string | undefined => names.get(type)?.get(number);
