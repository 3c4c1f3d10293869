/** Connection tracking over ctnetlink (nfnetlink_conntrack.h), in the namespace that the thread is in. */
import { fromBytes } from '../../address/bytes.ts';
import type { Address, Family } from '../../address/ip.ts';
import { eachAttribute } from '../kernel/netlink/message.ts';
import { NETLINK_NETFILTER, withSocket } from '../kernel/netlink/socket.ts';
import type { Flow, FlowCounters, Tuple } from './flow.ts';

const NFNL_SUBSYS_CTNETLINK = 1 << 8;
const IPCTNL_MSG_CT_GET = NFNL_SUBSYS_CTNETLINK | 1;
const IPCTNL_MSG_CT_DELETE = NFNL_SUBSYS_CTNETLINK | 2;
/** struct nfgenmsg: family, version, resource. */
const GENERIC = 4;
const AF_INET = 2;
const AF_INET6 = 10;

const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_STATUS = 3;
const CTA_PROTOINFO = 4;
const CTA_TIMEOUT = 7;
const CTA_MARK = 8;
const CTA_COUNTERS_ORIG = 9;
const CTA_COUNTERS_REPLY = 10;
const CTA_ID = 12;
const CTA_ZONE = 18;

const CTA_PROTOINFO_TCP = 1;
const CTA_PROTOINFO_TCP_STATE = 1;
const CTA_COUNTERS_PACKETS = 1;
const CTA_COUNTERS_BYTES = 2;

const CTA_TUPLE_IP = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_IP_SOURCES = [1, 3];
const CTA_IP_DESTINATIONS = [2, 4];
const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_DST_PORT = 3;
const CTA_PROTO_ICMP_TYPES = [5, 8];
const CTA_PROTO_ICMP_CODES = [6, 9];

/** All flows of a family. */
export function flows(family: Family): readonly Flow[] {
  const found: Flow[] = [];
  withSocket(
    (socket) =>
      socket.dump(
        IPCTNL_MSG_CT_GET,
        GENERIC,
        (_writer, body, at) => body.writeUInt8(family === 4 ? AF_INET : AF_INET6, at),
        (message) => found.push(...flowOf(family, message.body)),
      ),
    NETLINK_NETFILTER,
  );
  return found;
}

/** Makes the kernel forget flows: their next packet is a new one's first. What is gone already is no error. */
export function forget(gone: readonly Flow[]): void {
  withSocket((socket) => {
    for (const { family, handle } of gone)
      socket.add(IPCTNL_MSG_CT_DELETE, 0, GENERIC, 'a tracked connection', (writer, body, at) => {
        body.writeUInt8(family === 4 ? AF_INET : AF_INET6, at);
        writer.nest(CTA_TUPLE_ORIG, () => writer.append(handle.tuple));
        if (handle.zone !== 0) writer.raw(CTA_ZONE, bigEndian(handle.zone, 2));
        writer.raw(CTA_ID, bigEndian(handle.id, 4));
      });
    const failure = socket.flush().find(({ error }) => error.code !== 'ENOENT');
    if (failure !== undefined) throw failure.error;
  }, NETLINK_NETFILTER);
}

function bigEndian(value: number, length: 2 | 4): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

function flowOf(family: Family, body: Buffer): readonly Flow[] {
  const tuples: { original?: ReadTuple; reply?: ReadTuple } = {};
  let [status, timeout, mark, id, zone] = [0, 0, 0, 0, 0];
  let tuple: Uint8Array = new Uint8Array();
  let tcpState: number | undefined;
  const counts: { original?: FlowCounters; reply?: FlowCounters } = {};
  eachAttribute(body, GENERIC, body.length, (type, start, end) => {
    if (type === CTA_TUPLE_ORIG) {
      tuples.original = readTuple(family, body, start, end);
      tuple = Uint8Array.from(body.subarray(start, end));
    } else if (type === CTA_TUPLE_REPLY) tuples.reply = readTuple(family, body, start, end);
    else if (type === CTA_STATUS) status = body.readUInt32BE(start);
    else if (type === CTA_TIMEOUT) timeout = body.readUInt32BE(start);
    else if (type === CTA_MARK) mark = body.readUInt32BE(start);
    else if (type === CTA_ID) id = body.readUInt32BE(start);
    else if (type === CTA_ZONE) zone = body.readUInt16BE(start);
    else if (type === CTA_PROTOINFO) tcpState = tcpStateIn(body, start, end);
    else if (type === CTA_COUNTERS_ORIG) counts.original = countersIn(body, start, end);
    else if (type === CTA_COUNTERS_REPLY) counts.reply = countersIn(body, start, end);
  });
  const { original, reply } = tuples;
  if (original === undefined || reply === undefined) return [];
  const { protocol } = original;
  return [
    {
      family,
      protocol,
      original: original.tuple,
      reply: reply.tuple,
      status,
      timeout,
      mark,
      ...(tcpState === undefined ? {} : { tcpState }),
      ...(counts.original === undefined || counts.reply === undefined
        ? {}
        : { counters: { original: counts.original, reply: counts.reply } }),
      handle: { tuple, zone, id },
    },
  ];
}

function tcpStateIn(body: Buffer, from: number, to: number): number | undefined {
  let state: number | undefined;
  eachAttribute(body, from, to, (protocol, start, end) => {
    if (protocol !== CTA_PROTOINFO_TCP) return;
    eachAttribute(body, start, end, (type, at) => {
      if (type === CTA_PROTOINFO_TCP_STATE) state = body.readUInt8(at);
    });
  });
  return state;
}

function countersIn(body: Buffer, from: number, to: number): FlowCounters {
  const found = { packets: 0, bytes: 0 };
  eachAttribute(body, from, to, (type, start) => {
    if (type === CTA_COUNTERS_PACKETS) found.packets = Number(body.readBigUInt64BE(start));
    if (type === CTA_COUNTERS_BYTES) found.bytes = Number(body.readBigUInt64BE(start));
  });
  return found;
}

interface ReadTuple {
  readonly protocol: number;
  readonly tuple: Tuple;
}

function readTuple(family: Family, body: Buffer, from: number, to: number): ReadTuple {
  const none: Address = { family, value: 0n };
  let [source, destination] = [none, none];
  let protocol = 0;
  const rest: { -readonly [K in keyof Tuple]?: Tuple[K] } = {};
  eachAttribute(body, from, to, (part, partStart, partEnd) => {
    if (part === CTA_TUPLE_IP)
      eachAttribute(body, partStart, partEnd, (type, start, end) => {
        if (CTA_IP_SOURCES.includes(type)) source = fromBytes(body.subarray(start, end)) ?? none;
        if (CTA_IP_DESTINATIONS.includes(type)) destination = fromBytes(body.subarray(start, end)) ?? none;
      });
    if (part === CTA_TUPLE_PROTO)
      eachAttribute(body, partStart, partEnd, (type, start) => {
        if (type === CTA_PROTO_NUM) protocol = body.readUInt8(start);
        if (type === CTA_PROTO_SRC_PORT) rest.sourcePort = body.readUInt16BE(start);
        if (type === CTA_PROTO_DST_PORT) rest.destinationPort = body.readUInt16BE(start);
        if (CTA_PROTO_ICMP_TYPES.includes(type)) rest.icmpType = body.readUInt8(start);
        if (CTA_PROTO_ICMP_CODES.includes(type)) rest.icmpCode = body.readUInt8(start);
      });
  });
  return { protocol, tuple: { source, destination, ...rest } };
}
