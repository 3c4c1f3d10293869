/** Headers as they are on the wire, for rules that look at bits. What a packet's description leaves open is zero. */
import { toBytes } from '../address/bytes.ts';
import type { Address, Family } from '../address/ip.ts';
import type { RawPayload } from '../resource/ruleset/field.ts';

export interface Headers {
  readonly family: Family;
  readonly source: Address;
  readonly destination: Address;
  /** IANA number. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** IPv4 TTL or IPv6 hop limit; 64 unless given, as Linux has it. */
  readonly hopLimit?: number;
  /** Bytes, with the network header; no more than its headers unless given. */
  readonly size?: number;
}

/** Bytes: TCP without options (RFC 9293), UDP (RFC 768), ICMP (RFC 792), DCCP (RFC 4340), SCTP (RFC 9260), UDP-Lite (RFC 3828). */
const transportLengths = new Map([
  [6, 20],
  [17, 8],
  [1, 8],
  [58, 8],
  [33, 12],
  [132, 12],
  [136, 8],
]);

/** Of other protocols no more is known than what the packet is said to have. */
const PORTS_LENGTH = 4;

/** Of packets of Linux. */
export const HOP_LIMIT = 64;

/** Undefined where the packet ends before the bits do: then no match on them holds. */
export function rawBits(packet: Headers, field: RawPayload): bigint | undefined {
  const [base = '', offset, length] = field.slice(1).split(',');
  const header = base === 'nh' ? networkHeader(packet) : base === 'th' ? transportHeader(packet) : undefined;
  return header && bitsOf(header, Number(offset), Number(length));
}

function bitsOf(header: Buffer, offset: number, length: number): bigint | undefined {
  const end = offset + length;
  if (end > header.length * 8 || length === 0) return undefined;
  const bytes = header.subarray(Math.floor(offset / 8), Math.ceil(end / 8));
  const value = BigInt(`0x${bytes.toString('hex')}`) >> BigInt((8 - (end % 8)) % 8);
  return value & ((1n << BigInt(length)) - 1n);
}

function networkHeader({ family, protocol, source, destination, size, hopLimit = HOP_LIMIT }: Headers): Buffer {
  const header = Buffer.alloc(family === 4 ? 20 : 40);
  const payload = transportLengths.get(protocol) ?? 0;
  if (family === 4) {
    header.writeUInt8(0x45, 0);
    header.writeUInt16BE(size ?? 20 + payload, 2);
    header.writeUInt8(hopLimit, 8);
    header.writeUInt8(protocol, 9);
    header.set(toBytes(source), 12);
    header.set(toBytes(destination), 16);
    return header;
  }
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(size === undefined ? payload : size - 40, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(hopLimit, 7);
  header.set(toBytes(source), 8);
  header.set(toBytes(destination), 24);
  return header;
}

function transportHeader({ protocol, sourcePort, destinationPort, icmpType, icmpCode = 0 }: Headers): Buffer | undefined {
  const length = transportLengths.get(protocol) ?? (sourcePort === undefined ? undefined : PORTS_LENGTH);
  if (length === undefined) return undefined;
  const header = Buffer.alloc(length);
  if (icmpType !== undefined) {
    header.writeUInt8(icmpType, 0);
    header.writeUInt8(icmpCode, 1);
  } else {
    header.writeUInt16BE(sourcePort ?? 0, 0);
    header.writeUInt16BE(destinationPort ?? 0, 2);
  }
  return header;
}
