/** Fields that nft(8) has names for and rulesets have not: there they are raw bits. */
import type { RawPayload } from '../../resource/ruleset/field.ts';
import { match, type Statement } from '../../resource/ruleset/statement.ts';

export const BITS: { readonly [field: string]: RawPayload } = {
  'ip version': '@nh,0,4',
  'ip hdrlength': '@nh,4,4',
  'ip dscp': '@nh,8,6',
  'ip ecn': '@nh,14,2',
  'ip id': '@nh,32,16',
  'ip ttl': '@nh,64,8',
  'ip checksum': '@nh,80,16',
  'ip6 version': '@nh,0,4',
  'ip6 dscp': '@nh,4,6',
  'ip6 ecn': '@nh,10,2',
  'ip6 flowlabel': '@nh,12,20',
  'arp htype': '@nh,0,16',
  'arp ptype': '@nh,16,16',
  'arp hlen': '@nh,32,8',
  'arp plen': '@nh,40,8',
  'arp daddr ether': '@nh,144,48',
  'icmp code': '@th,8,8',
  'icmp checksum': '@th,16,16',
  'icmp id': '@th,32,16',
  'icmp sequence': '@th,48,16',
  'icmp gateway': '@th,32,32',
  'icmp mtu': '@th,48,16',
  'icmpv6 code': '@th,8,8',
  'icmpv6 checksum': '@th,16,16',
  'icmpv6 parameter-problem': '@th,32,32',
  'icmpv6 packet-too-big': '@th,32,32',
  'icmpv6 mtu': '@th,32,32',
  'icmpv6 id': '@th,32,16',
  'icmpv6 sequence': '@th,48,16',
  'icmpv6 max-delay': '@th,32,16',
  'igmp mrt': '@th,8,8',
  'igmp checksum': '@th,16,16',
  'igmp group': '@th,32,32',
  'sctp sport': '@th,0,16',
  'sctp dport': '@th,16,16',
  'sctp vtag': '@th,32,32',
  'sctp checksum': '@th,64,32',
  'tcp sequence': '@th,32,32',
  'tcp ackseq': '@th,64,32',
  'tcp doff': '@th,96,4',
  'tcp reserved': '@th,100,4',
  'tcp window': '@th,112,16',
  'tcp checksum': '@th,128,16',
  'tcp urgptr': '@th,144,16',
  'udp length': '@th,32,16',
  'udp checksum': '@th,48,16',
};

const ip = match('meta nfproto', 'ipv4');
const ip6 = match('meta nfproto', 'ipv6');

/** What a packet has to be to have the header. */
const headers = {
  ip: [ip],
  ip6: [ip6],
  arp: [match('meta protocol', 'arp')],
  icmp: [ip, match('meta l4proto', 'icmp')],
  icmpv6: [ip6, match('meta l4proto', 'ipv6-icmp')],
  igmp: [match('meta l4proto', 'igmp')],
  sctp: [match('meta l4proto', 'sctp')],
  tcp: [match('meta l4proto', 'tcp')],
  udp: [match('meta l4proto', 'udp')],
} as const;

export type Header = keyof typeof headers;

export const isHeader = (name: string | undefined): name is Header => name !== undefined && name in headers;

export const matchesOf = (header: Header): readonly Statement[] => headers[header];
