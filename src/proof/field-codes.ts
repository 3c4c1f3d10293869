/** Fields and their values as numbers, as the kernel compares them. */
import type { Field, RawPayload } from '../resource/ruleset/field.ts';
import { type Interval, intervalOf as intervalOfType } from '../resource/ruleset/interval.ts';
import { numberOf } from '../resource/ruleset/symbols.ts';
import type { Value } from '../resource/ruleset/value.ts';
import { typeOf, type ValueType } from '../resource/ruleset/value-type.ts';

export type { Interval };

/** IFNAMSIZ bytes, the last of which is zero. */
const NAME_BYTES = 16;

const widths: { readonly [T in Exclude<ValueType, RawPayload>]: number } = {
  ipv4_addr: 32,
  ipv6_addr: 128,
  ether_addr: 48,
  ether_type: 16,
  inet_proto: 8,
  inet_service: 16,
  ifname: NAME_BYTES * 8,
  mark: 32,
  ct_state: 8,
  icmp_type: 8,
  icmpv6_type: 8,
  nf_proto: 8,
  ct_status: 16,
  ct_dir: 8,
  fib_addrtype: 8,
  pkt_type: 8,
  arp_op: 16,
  igmp_type: 8,
  tcp_flag: 8,
  boolean: 1,
  integer: 32,
};

/**
 * Bits.
 *
 * @internal
 */
export function widthOf(field: Field): number {
  const type = isRaw(field) ? field : typeOf(field);
  return isRaw(type) ? Number(type.split(',')[2]) : widths[type];
}

export const isRaw = (type: string): type is RawPayload => type.startsWith('@');

/** The bytes of the name, the first one highest. */
export function nameCode(text: string): bigint {
  const bytes = Buffer.alloc(NAME_BYTES);
  bytes.write(text.slice(0, NAME_BYTES - 1));
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** @throws Error for a value that the field cannot have: what is not understood is no guess. */
export function intervalOf(field: Field, value: Value): Interval {
  const type = typeOf(field);
  if (type === 'ifname' && typeof value === 'string') return { from: nameCode(value), to: nameCode(value) };
  const interval = intervalOfType(value, type);
  if (interval === undefined) throw new Error(`${field} cannot be ${JSON.stringify(value)}`);
  return interval;
}

/** The number behind a name of nft(8), which has to be known. */
export function codeOf(type: ValueType, symbol: string): bigint {
  const number = numberOf(type, symbol);
  if (number === undefined) throw new Error(`${type} has no ${symbol}`);
  return BigInt(number);
}
