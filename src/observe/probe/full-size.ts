/**
 * Packets as large as their source knows to send (RFC 1191, RFC 8201). Where a router says that one is too large, the next has the size
 * that it named: only what vanishes without a word is lost.
 */
import { bind, getSocketOption, SOCK_DGRAM, SOCK_NONBLOCK, setSocketOption, socket, tryConnect } from '../../backend/kernel/libc.ts';
import type { Attempt } from './attempt.ts';
import type { Descriptors } from './descriptors.ts';
import type { Probe } from './probe.ts';
import { IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, ints, socketAddress, socketDomain } from './sockaddr.ts';

const IP_MTU = 14;
const IPV6_MTU = 24;
const TCP_INFO = 11;
const TCP_MAXSEG = 2;
/** Offsets in struct tcp_info (linux/tcp.h). */
const SENDING_MSS = 16;
const BYTES_ACKED = 120;

/** A dot. */
const FILLER = 0x2e;

/** Bytes of the IP header, and of that of ICMP or UDP. */
const headersOf = ({ to }: Probe): number => (to.family === 4 ? 20 : 40) + 8;

/** As often as it makes sense to send another size: each is what somebody on the way has named. */
export const ROUNDS = 5;

/** What the source knows of the way to the target, in bytes; to be called inside its namespace. Undefined where it has no way. */
export function pathMtu({ to, source, port = 9 }: Probe, descriptors: Descriptors): number | undefined {
  const descriptor = descriptors.keep(socket(socketDomain(to), SOCK_DGRAM | SOCK_NONBLOCK, 0));
  try {
    if (source !== undefined) bind(descriptor, socketAddress(source, 0));
    // Of UDP this sends nothing.
    if (tryConnect(descriptor, socketAddress(to, port)) < 0) return undefined;
    const value = new Int32Array(1);
    getSocketOption(
      descriptor,
      to.family === 4 ? IPPROTO_IP : IPPROTO_IPV6,
      to.family === 4 ? IP_MTU : IPV6_MTU,
      new Uint8Array(value.buffer),
    );
    return value[0];
  } finally {
    descriptors.close(descriptor);
  }
}

/** The payload that fills a packet of so many bytes. */
export function filling({ probe, payload }: Attempt, size: number): Uint8Array {
  const filled = new Uint8Array(Math.max(payload.length, size - headersOf(probe)));
  filled.set(payload);
  return filled;
}

/**
 * One segment of the largest that there are on a connection, and not more: several at once would be cut up by the last device only
 * (generic segmentation offload), and pass bridges that drop what is too large for them.
 */
export function largestSegment(attempt: Attempt, descriptor: number): Uint8Array {
  const { family } = attempt.probe.to;
  const value = new Int32Array(1);
  getSocketOption(descriptor, family === 4 ? IPPROTO_IP : IPPROTO_IPV6, family === 4 ? IP_MTU : IPV6_MTU, new Uint8Array(value.buffer));
  attempt.size = value[0] ?? 0;
  const segment = new Uint8Array(informationOf(descriptor).getUint32(SENDING_MSS, true)).fill(FILLER);
  segment.set(attempt.payload);
  return segment;
}

/** Both ends of a connection that is to be made send no larger packets than of so many bytes. */
export function limitSegments(descriptor: number, family: 4 | 6, bytes: number): void {
  setSocketOption(descriptor, IPPROTO_TCP, TCP_MAXSEG, ints(bytes - (family === 4 ? 20 : 40) - 20));
}

/** Bytes that the other end of a connection has acknowledged, its first packet's one among them. */
export function acknowledged(descriptor: number): number {
  return Number(informationOf(descriptor).getBigUint64(BYTES_ACKED, true));
}

function informationOf(descriptor: number): DataView {
  const information = new Uint8Array(256);
  getSocketOption(descriptor, IPPROTO_TCP, TCP_INFO, information);
  return new DataView(information.buffer);
}
