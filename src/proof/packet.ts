/** A packet at one place of one host, as far as rules can see it. */
import type { Family } from '../address/ip.ts';
import type { Field } from '../resource/ruleset/field.ts';
import type { PacketView } from './evaluate.ts';
import { codeOf, isRaw, nameCode } from './field-codes.ts';
import { type Headers, rawBits } from './raw-bits.ts';

export interface Packet extends Headers {
  /** TCP: has the flag ACK, as every packet of a connection but the first has. */
  readonly acknowledges?: boolean;
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

const families = { 4: codeOf('nf_proto', 'ipv4'), 6: codeOf('nf_proto', 'ipv6') } as const;
const etherTypes = { 4: codeOf('ether_type', 'ip'), 6: codeOf('ether_type', 'ip6') } as const;

export function viewOf(packet: Packet): PacketView {
  const { family, protocol } = packet;
  const inFamily = (wanted: Family, value: bigint): bigint | undefined => (family === wanted ? value : undefined);
  const number = (value: number | undefined): bigint | undefined => (value === undefined ? undefined : BigInt(value));
  const of = (wanted: string, value: number | undefined): bigint | undefined =>
    BigInt(protocol) === codeOf('inet_proto', wanted) ? number(value) : undefined;
  const mac = (text: string | undefined): bigint | undefined => (text ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined);
  const name = (device: string | undefined): bigint | undefined => (device === undefined ? undefined : nameCode(device));
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
        return number(packet.sourcePort);
      case 'th dport':
        return number(packet.destinationPort);
      case 'tcp sport':
        return of('tcp', packet.sourcePort);
      case 'tcp dport':
        return of('tcp', packet.destinationPort);
      case 'udp sport':
        return of('udp', packet.sourcePort);
      case 'udp dport':
        return of('udp', packet.destinationPort);
      case 'icmp type':
        return of('icmp', packet.icmpType);
      case 'icmpv6 type':
        return of('icmpv6', packet.icmpType);
      case 'ct state':
        return codeOf('ct_state', packet.state);
      case 'ct status':
        return packet.dnat ? codeOf('ct_status', 'dnat') : 0n;
      case 'fib daddr type':
        return codeOf('fib_addrtype', packet.local ? 'local' : 'unicast');
      default:
        return isRaw(field) ? rawBits(packet, field) : undefined;
    }
  };
}
