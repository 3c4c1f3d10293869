/** Blocks of a capture file (pcapng, draft-ietf-opsawg-pcapng), little endian. */
import { toBytes } from '../../address/bytes.ts';
import type { Address } from '../../address/ip.ts';
import type { Frame, FrameType } from '../../backend/kernel/packet-socket.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;

const OPT_COMMENT = 1;
const SHB_OS = 3;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_IPV4ADDR = 4;
const IF_IPV6ADDR = 5;
const IF_MACADDR = 6;
const IF_TSRESOL = 9;
const IF_FILTER = 11;
const EPB_FLAGS = 2;
const ISB_STARTTIME = 2;
const ISB_ENDTIME = 3;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const NRB_IPV4 = 1;
const NRB_IPV6 = 2;

/** Times are nanoseconds: ten to the power of minus nine seconds. */
const NANOSECONDS = 9;

/** Direction in the lowest two bits, how it was addressed in the next three. */
const FLAGS: Readonly<Record<FrameType, number>> = {
  'to-us': 0b001_01,
  broadcast: 0b011_01,
  multicast: 0b010_01,
  'to-others': 0b100_01,
  outgoing: 0b000_10,
};

export interface CapturedInterface {
  /** `web/dmz`. */
  readonly name: string;
  readonly description: string;
  readonly mac?: string;
  readonly addresses: readonly { readonly address: Address; readonly prefixLength: number }[];
}

type Option = readonly [code: number, value: Uint8Array];

const padded = (length: number): number => (length + 3) & ~3;

function block(type: number, body: Uint8Array, options: readonly Option[] = []): Buffer {
  const written = options.filter(([, value]) => value.length <= 0xffff);
  const room = written.length === 0 ? 0 : written.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
  const total = 12 + padded(body.length) + room;
  const bytes = Buffer.alloc(total);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(total, 4);
  bytes.set(body, 8);
  let at = 8 + padded(body.length);
  for (const [code, value] of written) {
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt16LE(value.length, at + 2);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  bytes.writeUInt32LE(total, total - 4);
  return bytes;
}

const text = (value: string): Buffer => Buffer.from(value);

function high(time: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(Number(time >> 32n), 0);
  bytes.writeUInt32LE(Number(time & 0xffff_ffffn), 4);
  return bytes;
}

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** What a file begins with. */
export function sectionHeader(what: { readonly comment: string; readonly os: string; readonly application: string }): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  // Its length is not known beforehand.
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, body, [
    [OPT_COMMENT, text(what.comment)],
    [SHB_OS, text(what.os)],
    [SHB_USERAPPL, text(what.application)],
  ]);
}

/** `filter` is the expression that chose the packets. */
export function interfaceDescription(one: CapturedInterface, snapLength: number, filter: string | undefined): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(ETHERNET, 0);
  body.writeUInt32LE(snapLength, 4);
  return block(INTERFACE_DESCRIPTION, body, [
    [IF_NAME, text(one.name)],
    [IF_DESCRIPTION, text(one.description)],
    ...one.addresses.map(({ address, prefixLength }): Option => {
      if (address.family === 6) return [IF_IPV6ADDR, Buffer.from([...toBytes(address), prefixLength])];
      const mask = Buffer.alloc(4);
      mask.writeUInt32BE(Number((0xffff_ffffn << BigInt(32 - prefixLength)) & 0xffff_ffffn));
      return [IF_IPV4ADDR, Buffer.from([...toBytes(address), ...mask])];
    }),
    ...(one.mac === undefined ? [] : [[IF_MACADDR, Buffer.from(one.mac.replaceAll(':', ''), 'hex')] as const]),
    [IF_TSRESOL, Buffer.from([NANOSECONDS])],
    // A zero byte: what follows is an expression and no program.
    ...(filter === undefined ? [] : [[IF_FILTER, text(`\0${filter}`)] as const]),
  ]);
}

/** Whose address is whose: programs that show names take them from here instead of asking for them. */
export function nameResolution(hosts: readonly { readonly address: Address; readonly names: readonly string[] }[]): Buffer {
  const records = hosts.map(({ address, names }) => {
    const value = Buffer.concat([toBytes(address), ...names.map((name) => text(`${name}\0`))]);
    const record = Buffer.alloc(4 + padded(value.length));
    record.writeUInt16LE(address.family === 4 ? NRB_IPV4 : NRB_IPV6, 0);
    record.writeUInt16LE(value.length, 2);
    record.set(value, 4);
    return record;
  });
  // Four zero bytes say that there are no more records.
  return block(NAME_RESOLUTION, Buffer.concat([...records, Buffer.alloc(4)]));
}

/** `at` is the number of the interface, counting its descriptions from 0. */
export function packet(at: number, { time, data, length, type }: Frame): Buffer {
  const body = Buffer.alloc(20 + data.length);
  body.writeUInt32LE(at, 0);
  body.set(high(time), 4);
  body.writeUInt32LE(data.length, 12);
  body.writeUInt32LE(length, 16);
  body.set(data, 20);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(FLAGS[type]);
  return block(ENHANCED_PACKET, body, [[EPB_FLAGS, flags]]);
}

/** Times are nanoseconds since 1970. */
export function interfaceStatistics(
  at: number,
  { start, end, received, dropped }: { readonly start: bigint; readonly end: bigint; readonly received: number; readonly dropped: number },
): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt32LE(at, 0);
  body.set(high(end), 4);
  return block(INTERFACE_STATISTICS, body, [
    [ISB_STARTTIME, high(start)],
    [ISB_ENDTIME, high(end)],
    [ISB_IFRECV, number64(received)],
    [ISB_IFDROP, number64(dropped)],
  ]);
}
