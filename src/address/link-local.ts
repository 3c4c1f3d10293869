import type { Address } from './ip.ts';

/** The link-local address that a MAC address gives (RFC 4291, appendix A). */
export function linkLocal(mac: string): Address {
  const [a = 0, ...rest] = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const bytes = [a ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return { family: 6, value: bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0xfe80n << 48n) };
}
