/** Which packets are traced, as matches of rules. */
import type { Family } from '../../address/ip.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Match, match } from '../../resource/ruleset/statement.ts';

/** Packets for which all of these hold. */
export type Selection = readonly Match[];

/**
 * An exchange of packets by what no translation of addresses changes: the port of whoever asks, or the identifier of the
 * echo. It is chosen for the one exchange, so it says of packets anywhere that they belong to it.
 */
export interface Tag {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly number: number;
}

/** What is asked and answered, and the errors about either; of a TCP connection the handshake and resets. */
export function selectionsOf({ family, protocol, number }: Tag): readonly Selection[] {
  const ip = match('meta protocol', family === 4 ? 'ip' : 'ip6');
  const inner = family === 4 ? QUOTED_4 : QUOTED_6;
  const errors = (offset: number): Selection => [
    ip,
    match('meta l4proto', family === 4 ? 'icmp' : 'ipv6-icmp'),
    family === 4 ? ERRORS_4 : ERRORS_6,
    match(`@th,${inner + offset},16`, number),
  ];
  if (protocol === 'icmp') {
    const echo = match(family === 4 ? 'icmp type' : 'icmpv6 type', 'echo-request', 'echo-reply');
    return [
      [ip, match('meta l4proto', family === 4 ? 'icmp' : 'ipv6-icmp'), echo, match(`@th,${IDENTIFIER},16`, number)],
      errors(IDENTIFIER),
    ];
  }
  const opening: readonly Match[] =
    protocol === 'tcp' ? [{ kind: 'match', fields: ['tcp flags'], operator: 'in', among: [['syn'], ['rst']] }] : [];
  const port = (field: Field): Selection => [ip, match('meta l4proto', protocol), match(field, number), ...opening];
  return [port('th sport'), port('th dport'), errors(0), errors(16)];
}

/** Bits from the start of an ICMP message to the transport header of the packet that it quotes: 8 bytes, and an IP header without options. */
const QUOTED_4 = (8 + 20) * 8;
const QUOTED_6 = (8 + 40) * 8;
/** Bits from the start of an echo message to its identifier (RFC 792, RFC 4443). */
const IDENTIFIER = 32;

const ERRORS_4 = match('icmp type', 'destination-unreachable', 'time-exceeded', 'parameter-problem');
const ERRORS_6 = match('icmpv6 type', 'destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem');
