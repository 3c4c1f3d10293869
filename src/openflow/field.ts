/** The fields of frames that flows match, by the names of ovs-fields(7), and what a frame has to be to have them. */

/** What a protocol's name says of a frame. */
export interface Layers {
  readonly etherType?: number;
  readonly ipProtocol?: number;
}

export interface FlowField {
  /** Of the same field under several names, one; `tp_src` and `tcp_src` are the same. */
  readonly is: string;
  readonly value: 'port' | 'mac' | 'ipv4' | 'ipv6' | 'number';
  /** Of numbers. */
  readonly bits: number;
  /** Whether a part of it may be asked for: `10.0.0.0/8`, `0x10/0xf0`. */
  readonly masked: boolean;
  /** One of these; empty where every frame has it. */
  readonly of: readonly Layers[];
}

const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;

/** Names of protocols that stand in a match without a value. */
export const protocols: Readonly<Record<string, Layers>> = {
  ip: { etherType: IPV4 },
  ipv6: { etherType: IPV6 },
  arp: { etherType: ARP },
  icmp: { etherType: IPV4, ipProtocol: 1 },
  icmp6: { etherType: IPV6, ipProtocol: 58 },
  tcp: { etherType: IPV4, ipProtocol: 6 },
  tcp6: { etherType: IPV6, ipProtocol: 6 },
  udp: { etherType: IPV4, ipProtocol: 17 },
  udp6: { etherType: IPV6, ipProtocol: 17 },
  sctp: { etherType: IPV4, ipProtocol: 132 },
  sctp6: { etherType: IPV6, ipProtocol: 132 },
};

const either = (ipProtocol: number): readonly Layers[] => [
  { etherType: IPV4, ipProtocol },
  { etherType: IPV6, ipProtocol },
];
const [ip, ipv6, arp] = [[{ etherType: IPV4 }], [{ etherType: IPV6 }], [{ etherType: ARP }]];
const anyIp = [...ip, ...ipv6];
const tcp = either(6);
const udp = either(17);
const sctp = either(132);
const icmp = [{ etherType: IPV4, ipProtocol: 1 }];
const icmpv6 = [{ etherType: IPV6, ipProtocol: 58 }];

const number = (is: string, bits: number, of: readonly Layers[] = [], masked = false): FlowField => ({
  is,
  value: 'number',
  bits,
  masked,
  of,
});
const address = (is: string, value: 'mac' | 'ipv4' | 'ipv6', of: readonly Layers[] = []): FlowField => ({
  is,
  value,
  bits: 0,
  masked: true,
  of,
});
const port = (of: readonly Layers[], end: 'src' | 'dst'): FlowField => number(`tp_${end}`, 16, of, true);

export const fields: Readonly<Record<string, FlowField>> = {
  in_port: { is: 'in_port', value: 'port', bits: 0, masked: false, of: [] },
  eth_src: address('eth_src', 'mac'),
  eth_dst: address('eth_dst', 'mac'),
  eth_type: number('eth_type', 16),
  dl_src: address('eth_src', 'mac'),
  dl_dst: address('eth_dst', 'mac'),
  dl_type: number('eth_type', 16),
  vlan_vid: number('vlan_vid', 13, [], true),
  dl_vlan: number('dl_vlan', 16),
  dl_vlan_pcp: number('dl_vlan_pcp', 3),
  vlan_tci: number('vlan_tci', 16, [], true),
  ip_src: address('ip_src', 'ipv4', ip),
  ip_dst: address('ip_dst', 'ipv4', ip),
  nw_src: address('ip_src', 'ipv4', ip),
  nw_dst: address('ip_dst', 'ipv4', ip),
  ipv6_src: address('ipv6_src', 'ipv6', ipv6),
  ipv6_dst: address('ipv6_dst', 'ipv6', ipv6),
  ip_proto: number('ip_proto', 8, anyIp),
  nw_proto: number('ip_proto', 8, anyIp),
  ip_dscp: number('ip_dscp', 6, anyIp),
  ip_ecn: number('ip_ecn', 2, anyIp),
  nw_ttl: number('nw_ttl', 8, anyIp),
  tcp_src: port(tcp, 'src'),
  tcp_dst: port(tcp, 'dst'),
  tcp_flags: number('tcp_flags', 12, tcp, true),
  udp_src: port(udp, 'src'),
  udp_dst: port(udp, 'dst'),
  sctp_src: port(sctp, 'src'),
  sctp_dst: port(sctp, 'dst'),
  tp_src: port([...tcp, ...udp, ...sctp], 'src'),
  tp_dst: port([...tcp, ...udp, ...sctp], 'dst'),
  icmp_type: number('icmp_type', 8, icmp),
  icmp_code: number('icmp_code', 8, icmp),
  icmpv6_type: number('icmpv6_type', 8, icmpv6),
  icmpv6_code: number('icmpv6_code', 8, icmpv6),
  nd_target: address('nd_target', 'ipv6', icmpv6),
  arp_op: number('arp_op', 16, arp),
  arp_spa: address('arp_spa', 'ipv4', arp),
  arp_tpa: address('arp_tpa', 'ipv4', arp),
  arp_sha: address('arp_sha', 'mac', arp),
  arp_tha: address('arp_tha', 'mac', arp),
};
