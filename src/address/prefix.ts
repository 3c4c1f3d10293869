import { formatPrefix } from './format.ts';
import type { Address, Family, Prefix } from './ip.ts';
import { parseAddress } from './parse.ts';
import type { AddressFault, Parsed, PrefixFault } from './parsed.ts';

/** Bits of an address: 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Reads `10.1.0.0/24`. Bits set beyond the length are a fault, with the corrected prefix as `instead`. */
export function parsePrefix(text: string): Parsed<Prefix, PrefixFault> {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (!address.ok) return { ok: false, fault: slash < 0 ? address.fault : withLength(address.fault, Number(digits)) };
  const { family, value } = address.value;
  if (slash < 0)
    return { ok: false, fault: { reason: 'no-length', instead: formatPrefix(prefixAround(address.value, family === 4 ? 24 : 64)) } };
  if (!/^(0|[1-9]\d{0,3})$/.test(digits)) {
    const bits = lengthOfMask(digits);
    return bits === undefined
      ? fault('bad-length')
      : { ok: false, fault: { reason: 'bad-length', instead: formatPrefix(prefixAround(address.value, bits)) } };
  }
  const length = Number(digits);
  if (length > bitsOf(family)) return fault('length-out-of-range');
  const prefix = prefixAround(address.value, length);
  if (prefix.value !== value) return { ok: false, fault: { reason: 'host-bits', instead: formatPrefix(prefix) } };
  return { ok: true, value: prefix };
}

/** The block of `length` bits that an address lies in. */
export function prefixAround(address: Address, length: number): Prefix {
  const shift = BigInt(bitsOf(address.family) - length);
  return { family: address.family, value: (address.value >> shift) << shift, length };
}

/** The last address of a block as a number. */
export function lastOf(prefix: Prefix): bigint {
  return prefix.value | ((1n << BigInt(bitsOf(prefix.family) - prefix.length)) - 1n);
}

export function containsAddress(prefix: Prefix, address: Address): boolean {
  return prefix.family === address.family && prefix.value <= address.value && address.value <= lastOf(prefix);
}

/** Whether every address of `inner` is in `outer`. */
export function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && containsAddress(outer, inner);
}

export function overlaps(one: Prefix, other: Prefix): boolean {
  return containsPrefix(one, other) || containsPrefix(other, one);
}

/** By family, first address, length. */
export function comparePrefixes(one: Prefix, other: Prefix): number {
  return one.family - other.family || (one.value < other.value ? -1 : one.value > other.value ? 1 : one.length - other.length);
}

export function samePrefix(one: Prefix, other: Prefix): boolean {
  return one.family === other.family && one.length === other.length && one.value === other.value;
}

/** What was probably meant, with the length that was written. */
function withLength({ reason, instead }: AddressFault, length: number): PrefixFault {
  const bits = reason === 'mapped' ? length - 96 : length;
  if (instead === undefined) return { reason };
  return { reason, instead: Number.isInteger(bits) && bits >= 0 ? `${instead}/${bits}` : instead };
}

/** The bits of a netmask such as `255.255.255.0`. */
function lengthOfMask(text: string): number | undefined {
  const mask = parseAddress(text);
  if (!mask.ok || mask.value.family !== 4) return undefined;
  const bits = mask.value.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

function fault(reason: PrefixFault['reason']): Parsed<Prefix, PrefixFault> {
  return { ok: false, fault: { reason } };
}
