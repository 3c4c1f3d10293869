/** Socket addresses and options as the C structures that system calls take (ip(7), ipv6(7)). */
import { fromBytes, toBytes } from '../../address/bytes.ts';
import type { Address } from '../../address/ip.ts';
import { AF_INET, AF_INET6 } from '../../backend/kernel/libc.ts';

/** @throws RangeError unless there are 4 or 16 bytes. */
export function addressFrom(bytes: Uint8Array): Address {
  const address = fromBytes(bytes);
  if (address === undefined) throw new RangeError(`${bytes.length} bytes are no address`);
  return address;
}

/** The same for equal addresses, different for others, of both families. */
export const addressKey = (address: Address): string => `${address.family}/${address.value.toString(16)}`;

export const socketDomain = (address: Address): number => (address.family === 4 ? AF_INET : AF_INET6);

/** struct sockaddr_in, struct sockaddr_in6. */
export function socketAddress(address: Address, port: number): Uint8Array {
  const bytes = new Uint8Array(address.family === 4 ? 16 : 28);
  new DataView(bytes.buffer).setUint16(0, socketDomain(address), true);
  bytes[2] = port >> 8;
  bytes[3] = port & 0xff;
  bytes.set(toBytes(address), address.family === 4 ? 4 : 8);
  return bytes;
}

export const portOf = (sockaddr: Uint8Array): number => ((sockaddr[2] ?? 0) << 8) | (sockaddr[3] ?? 0);

/** The address in a struct sockaddr_in6. */
export const address6Of = (sockaddr: Uint8Array): Address => addressFrom(sockaddr.subarray(8, 24));

/** An `int`, or the two of a struct linger. */
export const ints = (...values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);

export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_LINGER = 13;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;

export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;
export const IPPROTO_ICMPV6 = 58;

export const IP_TTL = 2;
export const IP_MTU_DISCOVER = 10;
export const IPV6_UNICAST_HOPS = 16;
export const IPV6_MTU_DISCOVER = 23;
/** Sets the don't-fragment bit and reports what does not fit. */
export const PMTUDISC_DO = 2;
export const PMTUDISC_WANT = 1;

export const SOL_RAW = 255;
export const ICMP_FILTER = 1;
export const ICMP6_FILTER = 1;
