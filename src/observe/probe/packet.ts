/** What is sent. Every payload bears the probe's number, so that it is known again wherever it turns up. */
import { randomBytes } from 'node:crypto';
import type { Probe } from './probe.ts';

/** The internet checksum (RFC 1071). */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An echo request (RFC 792, RFC 4443). The kernel fills in the checksum of ICMPv6, which covers the IP header too. */
export function echoRequest(family: 4 | 6, identifier: number, sequence: number, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(8 + payload.length);
  const view = new DataView(packet.buffer);
  packet[0] = family === 4 ? 8 : 128;
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  packet.set(payload, 8);
  if (family === 4) view.setUint16(2, checksum(packet));
  return packet;
}

/** A query for the name servers of the root (RFC 1035), which every DNS server has an answer or a refusal for. */
function dnsQuery(token: Uint8Array): Uint8Array {
  return Uint8Array.of(token[6] ?? 0, token[7] ?? 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1);
}

/** A client's request (RFC 5905); the server repeats the transmit timestamp, here the token. */
function ntpRequest(token: Uint8Array): Uint8Array {
  const packet = new Uint8Array(48);
  packet[0] = 0b00_100_011;
  packet.set(token, 40);
  return packet;
}

/** Makes the payload of the probe with this number; unlike any of another run's. */
export function payloads(): (probe: Probe, number: number) => Uint8Array {
  const run = randomBytes(4);
  return (probe, number) => {
    const token = new Uint8Array(8);
    token.set(run);
    new DataView(token.buffer).setUint32(4, number);
    if (probe.protocol === 'udp' && probe.size === undefined && probe.full !== true) {
      if (probe.port === 53) return dnsQuery(token);
      if (probe.port === 123) return ntpRequest(token);
    }
    const payload = new Uint8Array(probe.size ?? 16);
    payload.set(token.subarray(0, payload.length));
    if (payload.length > 8) payload.set(new TextEncoder().encode('netbottle').subarray(0, payload.length - 8), 8);
    return payload;
  };
}
