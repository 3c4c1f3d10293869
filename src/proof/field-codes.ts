/** Fields and their values as numbers, as the kernel compares them. */
import { parseAddress } from '../address/parse.ts';
import type { Field } from '../resource/ruleset/field.ts';
import type { Atom, Value } from '../resource/ruleset/value.ts';

/** Inclusive. */
export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

type Symbols = Readonly<Record<string, number>>;

/** IANA protocol numbers, as nft(8) prints them. */
export const protocols = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  sctp: 132,
} as const;

const etherTypes: Symbols = { ip: 0x0800, arp: 0x0806, '8021q': 0x8100, ip6: 0x86dd, '8021ad': 0x88a8 };

export const icmpTypes = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
} as const;

export const icmpv6Types = {
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
  'mld2-listener-report': 143,
} as const;

/** include/uapi/linux/netfilter/nf_conntrack_common.h: a bit a state. */
export const ctStates = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;
/** IPS_* of the same header. */
export const ctStatuses = { expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 } as const;
/** RTN_* of rtnetlink(7). */
export const addressTypes = { unicast: 1, local: 2, broadcast: 3, anycast: 4, multicast: 5, blackhole: 6, unreachable: 7 } as const;
const tcpFlags: Symbols = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 };
const packetTypes: Symbols = { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 };
const families: Symbols = { ipv4: 2, ipv6: 10 };
const arpOperations: Symbols = { request: 1, reply: 2, rrequest: 3, rreply: 4 };

interface Coding {
  /** Bits; interface names have none, being compared as text. */
  readonly width: number;
  readonly symbols?: Symbols;
}

const address4: Coding = { width: 32 };
const address6: Coding = { width: 128 };
const mac: Coding = { width: 48 };
const port: Coding = { width: 16 };
const protocol: Coding = { width: 8, symbols: protocols };
const etherType: Coding = { width: 16, symbols: etherTypes };
const name: Coding = { width: 0 };

const codings: { readonly [F in Exclude<Field, `@${string}`>]: Coding } = {
  iifname: name,
  oifname: name,
  ibrname: name,
  'meta nfproto': { width: 8, symbols: families },
  'meta protocol': etherType,
  'meta l4proto': protocol,
  'meta mark': { width: 32 },
  'meta pkttype': { width: 8, symbols: packetTypes },
  'meta length': { width: 32 },
  'ct state': { width: 8, symbols: ctStates },
  'ct status': { width: 16, symbols: ctStatuses },
  'ct direction': { width: 8, symbols: { original: 0, reply: 1 } },
  'ct mark': { width: 32 },
  'fib daddr type': { width: 8, symbols: addressTypes },
  'ether saddr': mac,
  'ether daddr': mac,
  'ether type': etherType,
  'vlan id': { width: 12 },
  'vlan type': etherType,
  'arp operation': { width: 16, symbols: arpOperations },
  'arp saddr ether': mac,
  'arp saddr ip': address4,
  'arp daddr ip': address4,
  'ip saddr': address4,
  'ip daddr': address4,
  'ip protocol': protocol,
  'ip length': port,
  'ip frag-off': port,
  'ip6 saddr': address6,
  'ip6 daddr': address6,
  'ip6 nexthdr': protocol,
  'ip6 length': port,
  'ip6 hoplimit': { width: 8 },
  'exthdr frag': { width: 1, symbols: { missing: 0, exists: 1 } },
  'icmp type': { width: 8, symbols: icmpTypes },
  'icmpv6 type': { width: 8, symbols: icmpv6Types },
  'th sport': port,
  'th dport': port,
  'tcp sport': port,
  'tcp dport': port,
  'tcp flags': { width: 8, symbols: tcpFlags },
  'udp sport': port,
  'udp dport': port,
};

const isRaw = (field: Field): field is Field & `@${string}` => field.startsWith('@');

const codingOf = (field: Field): Coding => (isRaw(field) ? { width: Number(field.split(',')[2]) } : codings[field]);

/** Bits; 0 for names of interfaces. */
export const widthOf = (field: Field): number => codingOf(field).width;

/** @throws Error for a value that the field cannot have: a construct that is not understood is no guess. */
export function codeOf(field: Field, atom: Atom): bigint {
  if (typeof atom === 'number') return BigInt(atom);
  const { width, symbols } = codingOf(field);
  const symbol = symbols?.[atom];
  if (symbol !== undefined) return BigInt(symbol);
  if (width === 0) return nameCode(atom);
  if (width === 48 && atom.includes(':')) return BigInt(`0x${atom.replaceAll(':', '')}`);
  if ((width === 32 && atom.includes('.')) || (width === 128 && atom.includes(':'))) {
    const address = parseAddress(atom);
    if (address.ok) return address.value.value;
  }
  if (/^(0x[0-9a-f]+|\d+)$/i.test(atom)) return BigInt(atom);
  throw new Error(`${field} cannot be \`${atom}\``);
}

/** The bytes of the name, the first one highest: equal names have equal codes, and prefixes are ranges. */
export function nameCode(text: string): bigint {
  const bytes = Buffer.alloc(16);
  bytes.write(text.slice(0, 15));
  return BigInt(`0x${bytes.toString('hex')}`);
}

export function intervalOf(field: Field, value: Value): Interval {
  if (typeof value !== 'object') {
    const code = codeOf(field, value);
    return { from: code, to: code };
  }
  if ('prefix' in value) {
    const from = codeOf(field, value.prefix);
    return { from, to: from | ((1n << BigInt(widthOf(field) - value.length)) - 1n) };
  }
  return { from: codeOf(field, value.from), to: codeOf(field, value.to) };
}
