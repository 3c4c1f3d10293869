/** Queueing disciplines (tc(8), linux/pkt_sched.h): what a device does with packets before it sends them. */
import { type MessageWriter, NLM_F_CREATE, NLM_F_REPLACE } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWQDISC = 36;
const TCMSG = 20;
const TC_H_ROOT = 0xffffffff;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;

/**
 * The mark on a queueing discipline: its handle, `4e42:` for netem and `4e43:` for tbf. What the kernel and others choose
 * by themselves is from 8000: on. Two, so that one can take the place of the other.
 */
const HANDLES = { netem: 0x4e420000, tbf: 0x4e430000 } as const;

const TCA_NETEM_CORR = 1;
const TCA_NETEM_REORDER = 3;
const TCA_NETEM_RATE = 6;
const TCA_NETEM_LATENCY64 = 10;
const TCA_NETEM_JITTER64 = 11;

const TCA_TBF_PARMS = 1;
const TCA_TBF_BURST = 6;
const TC_LINKLAYER_ETHERNET = 1;

/** tc-netem(8). All of it at once: what is left out of a change would stay as it was. */
export interface Netem {
  readonly discipline: 'netem';
  /** Nanoseconds. */
  readonly delay: number;
  /** Nanoseconds that the delay varies by, to either side. */
  readonly jitter: number;
  /** Parts per million. */
  readonly loss: number;
  /** Parts per million. */
  readonly duplicate: number;
  /** Parts per million that are not delayed, and so overtake others. */
  readonly reorder: number;
  /** Bytes a second; 0 for no limit. */
  readonly rate: number;
  /** Packets that may wait. */
  readonly limit: number;
}

/** tc-tbf(8). */
export interface Tbf {
  readonly discipline: 'tbf';
  /** Bytes a second, less than 2^32. */
  readonly rate: number;
  /** Bytes that may go at once. The kernel does not tell it. */
  readonly burst: number;
  /** Bytes that may wait. */
  readonly limit: number;
}

const MILLION = 1e6;
/** Probabilities are parts of 2^32 - 1. */
const CERTAIN = 0xffffffff;
const probability = (parts: number): number => Math.round((parts / MILLION) * CERTAIN);

/** Puts it in the place of what the device with this index has. */
export function putQdisc(socket: NetlinkSocket, index: number, device: string, settings: Netem | Tbf): number {
  return socket.add(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, TCMSG, `${settings.discipline} on ${device}`, (writer, body, at) => {
    body.writeInt32LE(index, at + 4);
    body.writeUInt32LE(HANDLES[settings.discipline], at + 8);
    body.writeUInt32LE(TC_H_ROOT, at + 12);
    writer.text(TCA_KIND, settings.discipline);
    if (settings.discipline === 'netem') netemOptions(writer, settings);
    else tbfOptions(writer, settings);
  });
}

/** A struct tc_netem_qopt (latency, limit, loss, gap, duplicate, jitter) with attributes behind it in the same nest. */
function netemOptions(writer: MessageWriter, settings: Netem): void {
  const { delay, jitter, loss, duplicate, reorder, rate, limit } = settings;
  writer.nest(TCA_OPTIONS, () => {
    const fixed = Buffer.alloc(24);
    fixed.writeUInt32LE(limit, 4);
    fixed.writeUInt32LE(probability(loss), 8);
    // Without a gap of one the kernel takes no notice of the probability of reordering.
    fixed.writeUInt32LE(reorder > 0 ? 1 : 0, 12);
    fixed.writeUInt32LE(probability(duplicate), 16);
    writer.append(fixed);
    writer.raw(TCA_NETEM_CORR, Buffer.alloc(12));
    const reordering = Buffer.alloc(8);
    reordering.writeUInt32LE(probability(reorder), 0);
    writer.raw(TCA_NETEM_REORDER, reordering);
    const shaping = Buffer.alloc(16);
    shaping.writeUInt32LE(rate, 0);
    writer.raw(TCA_NETEM_RATE, shaping);
    writer.raw(TCA_NETEM_LATENCY64, long(delay));
    writer.raw(TCA_NETEM_JITTER64, long(jitter));
  });
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

/** A struct tc_tbf_qopt: rate, peak rate, limit, buffer, mtu. With a link layer the kernel needs no table of rates. */
function tbfOptions(writer: MessageWriter, { rate, burst, limit }: Tbf): void {
  const fixed = Buffer.alloc(36);
  fixed.writeUInt8(TC_LINKLAYER_ETHERNET, 1);
  fixed.writeUInt32LE(rate, 8);
  fixed.writeUInt32LE(limit, 24);
  writer.nest(TCA_OPTIONS, () => {
    writer.raw(TCA_TBF_PARMS, fixed);
    writer.u32(TCA_TBF_BURST, burst);
  });
}
