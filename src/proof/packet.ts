/** A packet at one place of one host, as far as rules can see it. */
import type { Family } from '../address/ip.ts';
import type { Field } from '../resource/ruleset/field.ts';
import type { PacketView } from './evaluate.ts';
import { codeOf, isRaw, nameCode } from './field-codes.ts';
import { type Headers, HOP_LIMIT, rawBits } from './raw-bits.ts';

export interface Packet extends Headers {
  /** TCP: bits of `tcp flags`, SYN where nothing is said. */
  readonly tcpFlags?: number;
  /** IPv4: has no flag "don't fragment", which Linux sets. */
  readonly fragmentable?: true;
  /** Bytes of the largest fragment, where it has been cut up. */
  readonly fragmentSize?: number;
  /** It answers another packet, or is an error about one: somebody waits for it. */
  readonly isAnswer?: true;
  /** Of an ICMP error: the packet that it is about, as it was where it ended. */
  readonly quoted?: Quoted;
  /** Where it is a frame on a bridge. */
  readonly etherSource?: string;
  readonly etherDestination?: string;
  readonly inDevice?: string;
  readonly outDevice?: string;
  readonly state: 'invalid' | 'established' | 'related' | 'new' | 'untracked';
  /** Whether its destination has been changed. */
  readonly dnat: boolean;
  /** Whether its destination is an address of the host it is at. */
  readonly local: boolean;
}

/** What an ICMP error tells of the packet that it is about. */
export type Quoted = Pick<Headers, 'family' | 'source' | 'destination' | 'protocol' | 'sourcePort' | 'destinationPort' | 'icmpType'>;

/** Only that, of any headers. */
export const quotedOf = ({ family, source, destination, protocol, sourcePort, destinationPort, icmpType }: Quoted): Quoted => ({
  family,
  source,
  destination,
  protocol,
  ...(sourcePort !== undefined && { sourcePort }),
  ...(destinationPort !== undefined && { destinationPort }),
  ...(icmpType !== undefined && { icmpType }),
});

const families = { 4: codeOf('nf_proto', 'ipv4'), 6: codeOf('nf_proto', 'ipv6') } as const;
const etherTypes = { 4: codeOf('ether_type', 'ip'), 6: codeOf('ether_type', 'ip6') } as const;

const SYN = Number(codeOf('tcp_flag', 'syn'));

/** Of ICMP, in the place of a destination port: nothing that a rule could mean. */
const UNKNOWN_CHECKSUM = 0;

export function viewOf(packet: Packet): PacketView {
  const { family, protocol, icmpType, icmpCode = 0 } = packet;
  const inFamily = (wanted: Family, value: bigint): bigint | undefined => (family === wanted ? value : undefined);
  const number = (value: number | undefined): bigint | undefined => (value === undefined ? undefined : BigInt(value));
  const of = (wanted: string, value: number | undefined): bigint | undefined =>
    BigInt(protocol) === codeOf('inet_proto', wanted) ? number(value) : undefined;
  const isTracked = packet.state !== 'invalid' && packet.state !== 'untracked';
  // What is kept of connections, only packets of one have: `ct status` is no match for others, not even `!=` (nft_ct.c).
  const kept = (value: bigint): bigint | undefined => (isTracked ? value : undefined);
  // The first four bytes behind the network header are ports to nft, whatever they are to the protocol.
  const typeAndCode = icmpType === undefined ? undefined : icmpType * 256 + icmpCode;
  const mac = (text: string | undefined): bigint | undefined => (text ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined);
  // Where there is no interface, its name is empty (nft_meta.c): `!=` holds.
  const name = (device = ''): bigint => nameCode(device);
  return (field: Field) => {
    switch (field) {
      case 'iifname':
        return name(packet.inDevice);
      case 'oifname':
        return name(packet.outDevice);
      case 'ether saddr':
        return mac(packet.etherSource);
      case 'ether daddr':
        return mac(packet.etherDestination);
      case 'meta nfproto':
        return families[family];
      case 'meta protocol':
      case 'ether type':
        return etherTypes[family];
      case 'meta l4proto':
        return BigInt(protocol);
      case 'ip protocol':
        return inFamily(4, BigInt(protocol));
      case 'ip6 nexthdr':
        return inFamily(6, BigInt(protocol));
      case 'ip saddr':
        return inFamily(4, packet.source.value);
      case 'ip daddr':
        return inFamily(4, packet.destination.value);
      case 'ip6 saddr':
        return inFamily(6, packet.source.value);
      case 'ip6 daddr':
        return inFamily(6, packet.destination.value);
      case 'th sport':
        return number(packet.sourcePort ?? typeAndCode);
      case 'th dport':
        return number(packet.destinationPort ?? (typeAndCode === undefined ? undefined : UNKNOWN_CHECKSUM));
      case 'tcp sport':
        return of('tcp', packet.sourcePort);
      case 'tcp dport':
        return of('tcp', packet.destinationPort);
      case 'udp sport':
        return of('udp', packet.sourcePort);
      case 'udp dport':
        return of('udp', packet.destinationPort);
      case 'icmp type':
        return family === 4 ? of('icmp', icmpType) : undefined;
      case 'icmpv6 type':
        return family === 6 ? of('icmpv6', icmpType) : undefined;
      case 'ct state':
        return codeOf('ct_state', packet.state);
      case 'ct status':
        return kept(packet.dnat ? codeOf('ct_status', 'dnat') : 0n);
      case 'ct mark':
        return kept(0n);
      case 'meta mark':
        return 0n;
      case 'tcp flags':
        return of('tcp', packet.tcpFlags ?? SYN);
      case 'ip6 hoplimit':
        return inFamily(6, BigInt(packet.hopLimit ?? HOP_LIMIT));
      case 'fib daddr type':
        return codeOf('fib_addrtype', packet.local ? 'local' : 'unicast');
      default:
        return isRaw(field) ? rawBits(packet, field) : undefined;
    }
  };
}
