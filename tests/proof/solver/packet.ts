/** Any packet, as its headers and what the kernel knows of it; read as nftables reads it. */
import type { Field } from '../../../src/resource/ruleset/field.ts';
import { type Bits, cut, every, is, number, spliced, type Truth, type Z3 } from './z3.ts';

export interface AnyPacket {
  /** IPv6; IPv4 otherwise. */
  readonly six: Truth;
  readonly ethernet: Bits;
  readonly ipv4: Bits;
  readonly ipv6: Bits;
  /** Whether the protocol behind the headers of IPv6 was found (ipv6_find_hdr). */
  readonly found: Truth;
  readonly protocol: Bits;
  /** Whether the transport header is there: later fragments have none. */
  readonly transported: Truth;
  /** Whether it is as long as a TCP header. */
  readonly long: Truth;
  readonly transport: Bits;
  /** One bit of nf_conntrack_common.h. */
  readonly state: Bits;
  readonly status: Bits;
  readonly direction: Bits;
  readonly connectionMark: Bits;
  readonly mark: Bits;
  /** Bytes of its name; none where there is no interface. */
  readonly input: Bits;
  readonly output: Bits;
  readonly addressType: Bits;
}

/** Free in everything. */
export const anyPacket = (z3: Z3, name: string): AnyPacket => {
  const bits = (what: string, width: number): Bits => z3.BitVec.const(`${name}.${what}`, width);
  const truth = (what: string): Truth => z3.Bool.const(`${name}.${what}`);
  return {
    six: truth('six'),
    ethernet: bits('ethernet', 112),
    ipv4: bits('ipv4', 160),
    ipv6: bits('ipv6', 320),
    found: truth('found'),
    protocol: bits('protocol', 8),
    transported: truth('transported'),
    long: truth('long'),
    transport: bits('transport', 160),
    state: bits('state', 8),
    status: bits('status', 10),
    direction: bits('direction', 1),
    connectionMark: bits('connectionMark', 32),
    mark: bits('mark', 32),
    input: bits('input', 128),
    output: bits('output', 128),
    addressType: bits('addressType', 4),
  };
};

/** nf_conntrack_common.h: invalid, established, related, new, untracked. */
const STATES = [1, 2, 4, 8, 64];
/** Of a connection. */
const KNOWN_STATES = [2, 4, 8];
/** Hop-by-hop, routing, fragment, destination: what comes behind them is looked for. */
const EXTENSIONS = [0, 43, 44, 60];

/** What holds for all packets there are. */
export function wellFormed(z3: Z3, packet: AnyPacket): Truth {
  const { six, found, protocol, transported, long, state, ipv4, ipv6 } = packet;
  const next = cut(z3, ipv6, 48, 8);
  return every(z3, [
    oneOf(z3, state, STATES),
    z3.Implies(z3.Not(six), z3.And(found, cut(z3, ipv4, 72, 8).eq(protocol))),
    z3.Implies(transported, found),
    z3.Implies(long, transported),
    // The offset of a fragment.
    z3.Implies(z3.And(z3.Not(six), z3.Not(is(z3, cut(z3, ipv4, 51, 13), 0))), z3.Not(transported)),
    z3.Implies(six, z3.Or(oneOf(z3, next, EXTENSIONS), z3.And(found, next.eq(protocol)))),
  ]);
}

const oneOf = (z3: Z3, bits: Bits, values: readonly number[]): Truth => z3.Or(...values.map((value) => is(z3, bits, value)));

/** What a packet has in a field, and whether it has it. */
export interface Reading {
  readonly has: Truth;
  readonly value: Bits;
}

/** As nft_payload.c, nft_meta.c, nft_ct.c and nft_fib.c do it in the family inet, with what nft(8) asks for before. */
export function read(z3: Z3, packet: AnyPacket, field: Field): Reading {
  const { six, found, protocol, transported, long, transport, state } = packet;
  const four = z3.Not(six);
  const of = (has: Truth, value: Bits): Reading => ({ has, value });
  const always = (value: Bits): Reading => of(z3.Bool.val(true), value);
  const proto = (number: number): Truth => z3.And(found, is(z3, protocol, number));
  const port = (offset: number, ...when: readonly Truth[]): Reading => of(z3.And(transported, ...when), cut(z3, transport, offset, 16));
  const connected = oneOf(z3, state, KNOWN_STATES);
  switch (field) {
    case 'iifname':
      return always(packet.input);
    case 'oifname':
      return always(packet.output);
    case 'meta nfproto':
      return always(z3.If(six, number(z3, 10, 8), number(z3, 2, 8)));
    case 'meta protocol':
      return always(z3.If(six, number(z3, 0x86dd, 16), number(z3, 0x0800, 16)));
    case 'meta l4proto':
      return of(found, protocol);
    case 'meta mark':
      return always(packet.mark);
    case 'ct state':
      return always(state);
    case 'ct status':
      return of(connected, packet.status);
    case 'ct direction':
      return of(connected, packet.direction);
    case 'ct mark':
      return of(connected, packet.connectionMark);
    case 'fib daddr type':
      return always(packet.addressType);
    case 'ether daddr':
      return always(cut(z3, packet.ethernet, 0, 48));
    case 'ether saddr':
      return always(cut(z3, packet.ethernet, 48, 48));
    case 'ip protocol':
      return of(four, cut(z3, packet.ipv4, 72, 8));
    case 'ip saddr':
      return of(four, cut(z3, packet.ipv4, 96, 32));
    case 'ip daddr':
      return of(four, cut(z3, packet.ipv4, 128, 32));
    case 'ip length':
      return of(four, cut(z3, packet.ipv4, 16, 16));
    case 'ip6 nexthdr':
      return of(six, cut(z3, packet.ipv6, 48, 8));
    case 'ip6 hoplimit':
      return of(six, cut(z3, packet.ipv6, 56, 8));
    case 'ip6 saddr':
      return of(six, cut(z3, packet.ipv6, 64, 128));
    case 'ip6 daddr':
      return of(six, cut(z3, packet.ipv6, 192, 128));
    case 'th sport':
      return port(0);
    case 'th dport':
      return port(16);
    case 'tcp sport':
      return port(0, proto(6));
    case 'tcp dport':
      return port(16, proto(6));
    case 'udp sport':
      return port(0, proto(17));
    case 'udp dport':
      return port(16, proto(17));
    case 'icmp type':
      return of(z3.And(transported, four, proto(1)), cut(z3, transport, 0, 8));
    case 'icmpv6 type':
      return of(z3.And(transported, six, proto(58)), cut(z3, transport, 0, 8));
    case 'tcp flags':
      return of(z3.And(long, proto(6)), cut(z3, transport, 104, 8));
    default:
      throw new Error(`how ${field} is read is not written here`);
  }
}

/** tcp, udp, dccp, sctp, udplite. */
const PORTFUL = [6, 17, 33, 132, 136];

export const hasPorts = (z3: Z3, { found, protocol }: AnyPacket): Truth => z3.And(found, oneOf(z3, protocol, PORTFUL));

export type End = 'source' | 'destination';

const places = {
  source: { ip: 96, ip6: 64, port: 0 },
  destination: { ip: 128, ip6: 192, port: 16 },
} as const;

export const addressOf = (z3: Z3, packet: AnyPacket, end: End, family: 'ip' | 'ip6'): Bits =>
  family === 'ip' ? cut(z3, packet.ipv4, places[end].ip, 32) : cut(z3, packet.ipv6, places[end].ip6, 128);

export const portOf = (z3: Z3, { transport }: AnyPacket, end: End): Bits => cut(z3, transport, places[end].port, 16);

export const withAddress = (z3: Z3, packet: AnyPacket, end: End, family: 'ip' | 'ip6', address: Bits): AnyPacket =>
  family === 'ip'
    ? { ...packet, ipv4: spliced(z3, packet.ipv4, places[end].ip, address) }
    : { ...packet, ipv6: spliced(z3, packet.ipv6, places[end].ip6, address) };

export const withPort = (z3: Z3, packet: AnyPacket, end: End, port: Bits): AnyPacket => ({
  ...packet,
  transport: spliced(z3, packet.transport, places[end].port, port),
});

/** As its answer has them: addresses change places, and ports where there are some. */
export function turned(z3: Z3, packet: AnyPacket): AnyPacket {
  const [source, destination] = [portOf(z3, packet, 'source'), portOf(z3, packet, 'destination')];
  const swap = hasPorts(z3, packet);
  const ports = z3.If(swap, z3.Concat(destination, source), z3.Concat(source, destination)) as Bits;
  const ends = (family: 'ip' | 'ip6'): AnyPacket =>
    withAddress(
      z3,
      withAddress(z3, packet, 'source', family, addressOf(z3, packet, 'destination', family)),
      'destination',
      family,
      addressOf(z3, packet, 'source', family),
    );
  return { ...packet, ipv4: ends('ip').ipv4, ipv6: ends('ip6').ipv6, transport: spliced(z3, packet.transport, 0, ports) };
}
