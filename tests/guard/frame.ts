/** Frames, put together header by header. Each function gives a header and what follows it. */
import { toBytes } from '../../src/address/bytes.ts';
import { parseAddress } from '../../src/address/parse.ts';

type Bytes = Uint8Array;

export const bytes = (...parts: readonly (number | readonly number[] | Bytes)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : [...part])));

export const u16 = (value: number): readonly number[] => [value >> 8, value & 255];

export const mac = (text: string): readonly number[] => text.split(':').map((byte) => Number.parseInt(byte, 16));

export function ip(text: string): readonly number[] {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(text);
  return [...toBytes(address.value)];
}

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, rarp: 0x8035, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;

export const ethernet = (to: string, from: string, type: number, payload: Bytes): Buffer => bytes(mac(to), mac(from), u16(type), payload);

/** Puts a VLAN tag (IEEE 802.1Q) between the addresses of a frame and its type. */
export const tagged = (frame: Bytes, vlan: number, type: number = ETHERTYPE.vlan): Buffer =>
  bytes(frame.subarray(0, 12), u16(type), u16(vlan), frame.subarray(12));

/** RFC 1071. */
function checksum(data: Bytes): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += ((data[i] ?? 0) << 8) | (data[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

interface Ipv4Options {
  /** Bytes; a multiple of 8. */
  readonly offset?: number;
  readonly more?: boolean;
}

export function ipv4(from: string, to: string, protocol: number, payload: Bytes, { offset = 0, more = false }: Ipv4Options = {}): Buffer {
  const header = bytes(
    0x45,
    0,
    u16(20 + payload.length),
    u16(0x1234),
    u16((more ? 0x2000 : 0) | (offset / 8)),
    64,
    protocol,
    [0, 0],
    ip(from),
    ip(to),
  );
  header.writeUInt16BE(checksum(header), 10);
  return bytes(header, payload);
}

export const ipv6 = (from: string, to: string, next: number, payload: Bytes, hopLimit = 255): Buffer =>
  bytes([0x60, 0, 0, 0], u16(payload.length), next, hopLimit, ip(from), ip(to), payload);

export const udp = (from: number, to: number, payload: Bytes): Buffer =>
  bytes(u16(from), u16(to), u16(8 + payload.length), [0, 0], payload);

/** With the checksum at `place` over the pseudo-header (RFC 8200 8.1) made right. */
export function summed(message: Bytes, from: string, to: string, next: number, place: number): Buffer {
  const result = Buffer.from(message);
  const pseudo = bytes(ip(from), ip(to), [0, 0], u16(result.length), [0, 0, 0], next);
  result.writeUInt16BE(checksum(bytes(pseudo, result)), place);
  return result;
}

export const icmpv6 = (type: number, body: Bytes, from: string, to: string): Buffer =>
  summed(bytes(type, 0, [0, 0], body), from, to, 58, 2);

export function icmpv4(type: number, body: Bytes, code = 0): Buffer {
  const message = bytes(type, code, [0, 0], body);
  message.writeUInt16BE(checksum(message), 2);
  return message;
}

interface Arp {
  readonly operation: number;
  readonly senderMac: string;
  readonly sender: string;
  readonly targetMac?: string;
  readonly target: string;
}

export const arp = ({ operation, senderMac, sender, targetMac = '00:00:00:00:00:00', target }: Arp): Buffer =>
  bytes(u16(1), u16(0x0800), 6, 4, u16(operation), mac(senderMac), ip(sender), mac(targetMac), ip(target));

/** The group that a neighbour solicitation for the address goes to (RFC 4291 2.7.1). */
export function solicitedNode(target: string): string {
  const [a = 0, b = 0, c = 0] = ip(target).slice(-3);
  return `ff02::1:ff${a.toString(16).padStart(2, '0')}:${((b << 8) | c).toString(16)}`;
}

/** The MAC address of an IPv6 group (RFC 2464 7). */
export const groupMac = (group: string): string =>
  [
    '33',
    '33',
    ...ip(group)
      .slice(-4)
      .map((byte) => byte.toString(16).padStart(2, '0')),
  ].join(':');
