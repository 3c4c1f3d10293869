/** Reading what a raw ICMP socket hears: echo replies, and errors with the packet that they are about. */
import type { Address } from '../../address/ip.ts';
import type { UnreachableReason } from './probe.ts';
import { addressFrom, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from './sockaddr.ts';

/** What tells a probe from every other packet of its namespace: ports, or the identifier and sequence number of an echo. */
export interface Subject {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly to: Address;
  readonly first: number;
  readonly second: number;
}

export type Cause =
  | { readonly kind: 'unreachable'; readonly reason: UnreachableReason }
  | { readonly kind: 'port-unreachable' }
  | { readonly kind: 'too-big'; readonly mtu: number };

export type Heard =
  | { readonly kind: 'reply'; readonly subject: Subject }
  | { readonly kind: 'error'; readonly by: Address; readonly cause: Cause; readonly subject: Subject };

const unreachable = (reason: UnreachableReason): Cause => ({ kind: 'unreachable', reason });
const word = (bytes: Uint8Array, offset: number): number => ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);

/** Destination unreachable, by code (RFC 792, RFC 1122, RFC 1812). */
const unreachable4: readonly UnreachableReason[] = [
  'no-route',
  'host-unreachable',
  'protocol-unreachable',
  'host-unreachable',
  'host-unreachable',
  'source-route-failed',
  'no-route',
  'host-unreachable',
  'host-unreachable',
  'admin-prohibited',
  'admin-prohibited',
  'no-route',
  'host-unreachable',
  'admin-prohibited',
];

/** Destination unreachable, by code (RFC 4443). */
const unreachable6: readonly UnreachableReason[] = [
  'no-route',
  'admin-prohibited',
  'beyond-scope',
  'host-unreachable',
  'host-unreachable',
  'source-policy',
  'route-rejected',
];

function cause4(type: number, code: number, message: Uint8Array): Cause | undefined {
  if (type === 3 && code === 3) return { kind: 'port-unreachable' };
  if (type === 3 && code === 4) return { kind: 'too-big', mtu: word(message, 6) };
  if (type === 3) return unreachable(unreachable4[code] ?? 'host-unreachable');
  if (type === 11) return unreachable(code === 0 ? 'hop-limit-exceeded' : 'reassembly-timeout');
  if (type === 12) return unreachable('malformed');
  return undefined;
}

function cause6(type: number, code: number, message: Uint8Array): Cause | undefined {
  if (type === 1 && code === 4) return { kind: 'port-unreachable' };
  if (type === 1) return unreachable(unreachable6[code] ?? 'host-unreachable');
  if (type === 2) return { kind: 'too-big', mtu: word(message, 4) * 0x10000 + word(message, 6) };
  if (type === 3) return unreachable(code === 0 ? 'hop-limit-exceeded' : 'reassembly-timeout');
  if (type === 4) return unreachable('malformed');
  return undefined;
}

function subjectOf(number: number, to: Uint8Array, transport: Uint8Array): Subject | undefined {
  if (transport.length < 8) return undefined;
  const address = addressFrom(to);
  if (number === IPPROTO_ICMP || number === IPPROTO_ICMPV6)
    return { protocol: 'icmp', to: address, first: word(transport, 4), second: word(transport, 6) };
  if (number !== IPPROTO_TCP && number !== IPPROTO_UDP) return undefined;
  return { protocol: number === IPPROTO_TCP ? 'tcp' : 'udp', to: address, first: word(transport, 0), second: word(transport, 2) };
}

/** An IPv4 packet as a raw socket hands it out: with its header. */
export function heard4(packet: Uint8Array): Heard | undefined {
  const message = packet.subarray(((packet[0] ?? 0) & 15) * 4);
  if (packet.length < 20 || message.length < 8) return undefined;
  const by = packet.subarray(12, 16);
  if (message[0] === 0) {
    const subject = subjectOf(IPPROTO_ICMP, by, message);
    return subject && { kind: 'reply', subject };
  }
  const cause = cause4(message[0] ?? 0, message[1] ?? 0, message);
  const inner = message.subarray(8);
  if (cause === undefined || inner.length < 20) return undefined;
  const subject = subjectOf(inner[9] ?? 0, inner.subarray(16, 20), inner.subarray(((inner[0] ?? 0) & 15) * 4));
  return subject && { kind: 'error', by: addressFrom(by), cause, subject };
}

/** An ICMPv6 message, which a raw socket hands out without its header, and who sent it. */
export function heard6(message: Uint8Array, by: Address): Heard | undefined {
  if (message.length < 8) return undefined;
  if (message[0] === 129)
    return { kind: 'reply', subject: { protocol: 'icmp', to: by, first: word(message, 4), second: word(message, 6) } };
  const cause = cause6(message[0] ?? 0, message[1] ?? 0, message);
  const inner = message.subarray(8);
  if (cause === undefined || inner.length < 48) return undefined;
  // The probes carry no extension headers, save a fragment header: the transport header follows it.
  const fragment = inner[6] === 44;
  const subject = subjectOf(inner[fragment ? 40 : 6] ?? 0, inner.subarray(24, 40), inner.subarray(fragment ? 48 : 40));
  return subject && { kind: 'error', by, cause, subject };
}
