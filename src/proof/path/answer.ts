import type { Family } from '../../address/ip.ts';
import { codeOf } from '../field-codes.ts';
import type { Packet } from '../packet.ts';
import { errorAbout, type IcmpError, refusalOf } from './icmp-error.ts';
import type { Opening } from './sending.ts';
import type { Trace } from './step.ts';

/** What a packet brings back. */
export interface Response {
  readonly at: string;
  readonly opening: Opening;
  /** A reset is what TCP has for an error. */
  readonly what: 'answer' | 'reset' | IcmpError;
}

/** The answer, the reset or the ICMP error of whoever the packet ended with, where somebody says anything. */
export function responseTo(trace: Trace): Response | undefined {
  const { ending, packet, belonging, carried } = trace;
  // What becomes of a packet around it, its sender is not told; but whoever should put it into one has nobody to send it to.
  if (carried !== undefined && carried.asker === undefined) return undefined;
  const about = errorAbout(trace);
  if (carried?.asker !== undefined) return about && { at: carried.asker, opening: about.opening, what: about.error };
  if (about !== undefined) return { at: ending.at, opening: about.opening, what: about.error };
  if (refusalOf(trace) === 'tcp reset')
    return hasFlag(packet, 'rst')
      ? undefined
      : { at: ending.at, opening: { ...resetOf(packet), ...(belonging !== undefined && { about: belonging }) }, what: 'reset' };
  if (ending.kind !== 'delivered' || ending.listener === 'kernel' || ending.listener === 'asker') return undefined;
  if (ending.listener === 'nobody') return hasFlag(packet, 'rst') ? undefined : { at: ending.at, opening: resetOf(packet), what: 'reset' };
  return { at: ending.at, opening: mirrored(packet), what: 'answer' };
}

const flags = (...names: readonly string[]): number => names.reduce((bits, name) => bits | Number(codeOf('tcp_flag', name)), 0);

const hasFlag = ({ tcpFlags = 0 }: Packet, name: string): boolean => (tcpFlags & flags(name)) !== 0;

const resetOf = (packet: Packet): Opening => ({ ...mirrored(packet), tcpFlags: flags('rst', 'ack') });

/** The packet that answers another. */
function mirrored(packet: Packet): Opening {
  const { family, protocol, source, destination, sourcePort, destinationPort, icmpType, size } = packet;
  const isTcp = BigInt(protocol) === codeOf('inet_proto', 'tcp');
  const begins = packet.tcpFlags === undefined || packet.tcpFlags === flags('syn');
  return {
    family,
    protocol,
    source: destination,
    destination: source,
    isAnswer: true,
    ...(destinationPort !== undefined && { sourcePort: destinationPort }),
    ...(sourcePort !== undefined && { destinationPort: sourcePort }),
    // The echo of a large packet is as large, and may be cut up.
    ...(icmpType !== undefined && { icmpType: replyTo(family, icmpType), ...(size !== undefined && { size, fragmentable: true }) }),
    ...(isTcp && { tcpFlags: begins ? flags('syn', 'ack') : flags('ack') }),
  };
}

function replyTo(family: Family, icmpType: number): number {
  if (family === 6) return Number(codeOf('icmpv6_type', 'echo-reply'));
  const isTimestamp = BigInt(icmpType) === codeOf('icmp_type', 'timestamp-request');
  return Number(codeOf('icmp_type', isTimestamp ? 'timestamp-reply' : 'echo-reply'));
}

/** Whether whoever sent a packet knows what comes back as an answer to it, or as an error about it: NAT may have hidden that. */
export function recognizes(sent: Packet, { packet }: Trace): boolean {
  const is = (one: Packet['source'], other: Packet['source']): boolean => one.family === other.family && one.value === other.value;
  const { quoted } = packet;
  if (quoted !== undefined)
    return (
      is(quoted.source, sent.source) &&
      is(quoted.destination, sent.destination) &&
      quoted.sourcePort === sent.sourcePort &&
      quoted.destinationPort === sent.destinationPort
    );
  return (
    is(packet.source, sent.destination) &&
    is(packet.destination, sent.source) &&
    packet.sourcePort === sent.destinationPort &&
    packet.destinationPort === sent.sourcePort
  );
}
