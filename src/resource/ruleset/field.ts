/** What a rule looks at, in the words of nft(8). */
export type Field = NamedField | RawPayload;

export type NamedField =
  | 'iifname'
  | 'oifname'
  | 'ibrname'
  | 'meta nfproto'
  | 'meta protocol'
  | 'meta l4proto'
  | 'meta mark'
  | 'meta pkttype'
  | 'meta length'
  | 'ct state'
  | 'ct status'
  | 'ct direction'
  | 'ct mark'
  | 'fib daddr type'
  | 'ether saddr'
  | 'ether daddr'
  | 'ether type'
  | 'vlan id'
  | 'vlan type'
  | 'arp operation'
  | 'arp saddr ether'
  | 'arp saddr ip'
  | 'arp daddr ip'
  | 'ip saddr'
  | 'ip daddr'
  | 'ip protocol'
  | 'ip length'
  | 'ip frag-off'
  | 'ip6 saddr'
  | 'ip6 daddr'
  | 'ip6 nexthdr'
  | 'ip6 length'
  | 'ip6 hoplimit'
  | 'exthdr frag'
  | 'frag frag-off'
  | 'frag nexthdr'
  | 'igmp type'
  | 'icmp type'
  | 'icmpv6 type'
  | 'th sport'
  | 'th dport'
  | 'tcp sport'
  | 'tcp dport'
  | 'tcp flags'
  | 'udp sport'
  | 'udp dport';

/** Bits of the link-layer, network or transport header: base, offset and length in bits. */
export type RawPayload = `@${'ll' | 'nh' | 'th'},${number},${number}`;

/** The types of nft(8) that keys and data of named sets and maps have. */
export type DataType =
  // Bits that nft has no type for; the set is declared by fields instead of types.
  | RawPayload
  | 'ipv4_addr'
  | 'ipv6_addr'
  | 'ether_addr'
  | 'ether_type'
  | 'inet_proto'
  | 'inet_service'
  | 'ifname'
  | 'mark'
  | 'ct_state'
  | 'icmp_type'
  | 'icmpv6_type';
