/** What kind of value a field has, in the words of nft(8). */
import type { DataType, Field, NamedField } from './field.ts';

export type ValueType =
  | DataType
  | 'nf_proto'
  | 'ct_status'
  | 'ct_dir'
  | 'fib_addrtype'
  | 'pkt_type'
  | 'arp_op'
  | 'igmp_type'
  | 'tcp_flag'
  | 'boolean'
  | 'integer';

const types: { readonly [F in NamedField]: ValueType } = {
  iifname: 'ifname',
  oifname: 'ifname',
  ibrname: 'ifname',
  'meta nfproto': 'nf_proto',
  'meta protocol': 'ether_type',
  'meta l4proto': 'inet_proto',
  'meta mark': 'mark',
  'meta pkttype': 'pkt_type',
  'meta length': 'integer',
  'ct state': 'ct_state',
  'ct status': 'ct_status',
  'ct direction': 'ct_dir',
  'ct mark': 'mark',
  'fib daddr type': 'fib_addrtype',
  'ether saddr': 'ether_addr',
  'ether daddr': 'ether_addr',
  'ether type': 'ether_type',
  'vlan id': 'integer',
  'vlan type': 'ether_type',
  'arp operation': 'arp_op',
  'arp saddr ether': 'ether_addr',
  'arp saddr ip': 'ipv4_addr',
  'arp daddr ip': 'ipv4_addr',
  'ip saddr': 'ipv4_addr',
  'ip daddr': 'ipv4_addr',
  'ip protocol': 'inet_proto',
  'ip length': 'integer',
  'ip frag-off': 'integer',
  'ip6 saddr': 'ipv6_addr',
  'ip6 daddr': 'ipv6_addr',
  'ip6 nexthdr': 'inet_proto',
  'ip6 length': 'integer',
  'ip6 hoplimit': 'integer',
  'exthdr frag': 'boolean',
  'frag frag-off': 'integer',
  'frag nexthdr': 'inet_proto',
  'igmp type': 'igmp_type',
  'icmp type': 'icmp_type',
  'icmpv6 type': 'icmpv6_type',
  'th sport': 'inet_service',
  'th dport': 'inet_service',
  'tcp sport': 'inet_service',
  'tcp dport': 'inet_service',
  'tcp flags': 'tcp_flag',
  'udp sport': 'inet_service',
  'udp dport': 'inet_service',
};

const isNamed = (field: Field): field is NamedField => field in types;

export const typeOf = (field: Field): ValueType => (isNamed(field) ? types[field] : 'integer');

/** Fields that have a name, as nft(8) writes them. */
export const namedField = (text: string): NamedField | undefined => (text in types ? (text as NamedField) : undefined);
