import type { Prefix } from './ip.ts';
import { bitsOf, lastOf } from './prefix.ts';

/** The addresses of a block that an interface may have, both ends included. */
export interface HostRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * IPv4 loses its network and broadcast address up to /30 (RFC 1122, RFC 3021 from /31 on);
 * IPv6 its subnet-router anycast address up to /126 (RFC 4291 2.6.1, RFC 6164 from /127 on).
 */
export function hostRange(prefix: Prefix): HostRange {
  const last = lastOf(prefix);
  if (bitsOf(prefix.family) - prefix.length < 2) return { first: prefix.value, last };
  return { first: prefix.value + 1n, last: prefix.family === 4 ? last - 1n : last };
}
