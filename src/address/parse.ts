import type { Address } from './ip.ts';
import { parseIPv4Number } from './parse-ipv4.ts';
import { parseIPv6Number } from './parse-ipv6.ts';
import type { AddressFault, Parsed } from './parsed.ts';

/**
 * Reads one IPv4 or IPv6 address.
 *
 * Strict where programs differ: no leading zeros, no zone id, no IPv4-mapped address, no prefix length.
 */
export function parseAddress(text: string): Parsed<Address, AddressFault> {
  if (text === '') return { ok: false, fault: { reason: 'empty' } };
  const slash = text.indexOf('/');
  if (slash >= 0) return { ok: false, fault: { reason: 'prefix-length', instead: text.slice(0, slash) } };
  if (!text.includes(':')) {
    const parsed = parseIPv4Number(text);
    return parsed.ok ? { ok: true, value: { family: 4, value: BigInt(parsed.value) } } : parsed;
  }
  const percent = text.indexOf('%');
  if (percent >= 0) return { ok: false, fault: { reason: 'zone', instead: text.slice(0, percent) } };
  const parsed = parseIPv6Number(text);
  return parsed.ok ? { ok: true, value: { family: 6, value: parsed.value } } : parsed;
}
