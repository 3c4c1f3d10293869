/** Where in a packet a field is, and what has to be so for a packet to have it. */
import type { Field } from './field.ts';

/** What rules rely on without saying it: nft adds and hides such matches as it likes. */
export type Fact = 'ip' | 'ip6' | 'arp' | 'vlan' | `l4 ${number}`;

interface Place {
  readonly at: string;
  readonly facts: readonly Fact[];
}

const tcp: Fact = 'l4 6';
const udp: Fact = 'l4 17';

const places: { readonly [F in Field]?: Place } = {
  'ether daddr': { at: '@ll,0,48', facts: [] },
  'ether saddr': { at: '@ll,48,48', facts: [] },
  'vlan id': { at: '@ll,116,12', facts: ['vlan'] },
  'vlan type': { at: '@ll,128,16', facts: ['vlan'] },
  'arp operation': { at: '@nh,48,16', facts: ['arp'] },
  'arp saddr ether': { at: '@nh,64,48', facts: ['arp'] },
  'arp saddr ip': { at: '@nh,112,32', facts: ['arp'] },
  'arp daddr ip': { at: '@nh,192,32', facts: ['arp'] },
  'ip length': { at: '@nh,16,16', facts: ['ip'] },
  'ip frag-off': { at: '@nh,48,16', facts: ['ip'] },
  'ip protocol': { at: '@nh,72,8', facts: ['ip'] },
  'ip saddr': { at: '@nh,96,32', facts: ['ip'] },
  'ip daddr': { at: '@nh,128,32', facts: ['ip'] },
  'ip6 length': { at: '@nh,32,16', facts: ['ip6'] },
  'ip6 nexthdr': { at: '@nh,48,8', facts: ['ip6'] },
  'ip6 hoplimit': { at: '@nh,56,8', facts: ['ip6'] },
  'ip6 saddr': { at: '@nh,64,128', facts: ['ip6'] },
  'ip6 daddr': { at: '@nh,192,128', facts: ['ip6'] },
  'exthdr frag': { at: 'exthdr frag', facts: ['ip6'] },
  'frag frag-off': { at: 'frag frag-off', facts: ['ip6'] },
  'frag nexthdr': { at: 'frag nexthdr', facts: ['ip6'] },
  'igmp type': { at: '@th,0,8', facts: ['l4 2'] },
  'icmp type': { at: '@th,0,8', facts: ['ip', 'l4 1'] },
  'icmpv6 type': { at: '@th,0,8', facts: ['ip6', 'l4 58'] },
  'th sport': { at: '@th,0,16', facts: [] },
  'th dport': { at: '@th,16,16', facts: [] },
  'tcp sport': { at: '@th,0,16', facts: [tcp] },
  'tcp dport': { at: '@th,16,16', facts: [tcp] },
  'tcp flags': { at: '@th,104,8', facts: [tcp] },
  'udp sport': { at: '@th,0,16', facts: [udp] },
  'udp dport': { at: '@th,16,16', facts: [udp] },
};

export const placeOf = (field: Field): Place => places[field] ?? { at: field, facts: [] };

/** Bits of a field that is in the packet. */
export const widthOf = (field: Field): number | undefined => {
  const length = /^@..,\d+,(\d+)$/.exec(placeOf(field).at)?.[1];
  return length === undefined ? undefined : Number(length);
};

const protocols: { readonly [number: string]: Fact } = { 2048: 'ip', 34525: 'ip6', 2054: 'arp', 33024: 'vlan' };

/** What the fact is that a field with one value states. */
export function factOf(field: Field, value: bigint): Fact | undefined {
  switch (field) {
    case 'meta nfproto':
      return value === 2n ? 'ip' : value === 10n ? 'ip6' : undefined;
    case 'meta protocol':
    case 'ether type':
    case 'vlan type':
      return protocols[String(value)];
    case 'meta l4proto':
    case 'ip protocol':
    case 'ip6 nexthdr':
      return `l4 ${Number(value)}`;
    default:
      return undefined;
  }
}
