/** Queueing disciplines (tc(8), linux/pkt_sched.h): what a device does with packets before it sends them. */
import type { Qdisc } from '../../../resource/qdisc.ts';
import { eachAttribute, type MessageWriter, NLM_F_CREATE, NLM_F_REPLACE, textOf } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWQDISC = 36;
const RTM_DELQDISC = 37;
const RTM_GETQDISC = 38;
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

/** What the kernel tells of one. All of it is put at once: what is left out of a change would stay as it was. */
export type HeldQdisc = Omit<Qdisc, 'kind' | 'origin' | 'namespace' | 'device'>;

const MILLION = 1e6;
/** Probabilities are parts of 2^32 - 1. */
const CERTAIN = 0xffffffff;
const probability = (parts: number): number => Math.round((parts / MILLION) * CERTAIN);
const parts = (value: number): number => Math.round((value / CERTAIN) * MILLION);

/** Puts it in the place of what the device with this index has. */
export function putQdisc(socket: NetlinkSocket, index: number, settings: HeldQdisc & Pick<Qdisc, 'device'>): number {
  const { discipline, device } = settings;
  return socket.add(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, TCMSG, `${discipline} on ${device}`, (writer, body, at) => {
    body.writeInt32LE(index, at + 4);
    body.writeUInt32LE(HANDLES[discipline], at + 8);
    body.writeUInt32LE(TC_H_ROOT, at + 12);
    writer.text(TCA_KIND, discipline);
    if (discipline === 'netem') netemOptions(writer, settings);
    else tbfOptions(writer, settings);
  });
}

/** A struct tc_netem_qopt (latency, limit, loss, gap, duplicate, jitter) with attributes behind it in the same nest. */
function netemOptions(writer: MessageWriter, settings: HeldQdisc): void {
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
function tbfOptions(writer: MessageWriter, { rate, limit }: HeldQdisc): void {
  const fixed = Buffer.alloc(36);
  fixed.writeUInt8(TC_LINKLAYER_ETHERNET, 1);
  fixed.writeUInt32LE(rate, 8);
  fixed.writeUInt32LE(limit, 24);
  writer.nest(TCA_OPTIONS, () => {
    writer.raw(TCA_TBF_PARMS, fixed);
    // All that may wait but 50 ms' worth. The kernel tells the limit, and not this.
    writer.u32(TCA_TBF_BURST, limit - Math.floor(rate / 20));
  });
}

export function deleteQdisc(socket: NetlinkSocket, index: number, { device, discipline }: Pick<Qdisc, 'device' | 'discipline'>): number {
  return socket.add(RTM_DELQDISC, 0, TCMSG, `${discipline} on ${device}`, (_writer, body, at) => {
    body.writeInt32LE(index, at + 4);
    body.writeUInt32LE(HANDLES[discipline], at + 8);
    body.writeUInt32LE(TC_H_ROOT, at + 12);
  });
}

/** By the indices of their devices, those of the namespace that bear our mark. */
export function qdiscs(socket: NetlinkSocket): ReadonlyMap<number, HeldQdisc> {
  const found = new Map<number, HeldQdisc>();
  socket.dump(
    RTM_GETQDISC,
    TCMSG,
    () => undefined,
    ({ type, body }) => {
      const [handle, parent] = [body.readUInt32LE(8), body.readUInt32LE(12)];
      if (type !== RTM_NEWQDISC || parent !== TC_H_ROOT) return;
      const kind = kindIn(body);
      if ((kind !== 'netem' && kind !== 'tbf') || handle !== HANDLES[kind]) return;
      eachAttribute(body, TCMSG, body.length, (attribute, start, end) => {
        if (attribute === TCA_OPTIONS)
          found.set(body.readInt32LE(4), kind === 'netem' ? netemIn(body, start, end) : tbfIn(body, start, end));
      });
    },
  );
  return found;
}

function kindIn(body: Buffer): string {
  let kind = '';
  eachAttribute(body, TCMSG, body.length, (type, start, end) => {
    if (type === TCA_KIND) kind = textOf(body, start, end);
  });
  return kind;
}

function netemIn(body: Buffer, from: number, to: number): HeldQdisc {
  const found = {
    discipline: 'netem' as const,
    delay: 0,
    jitter: 0,
    loss: parts(body.readUInt32LE(from + 8)),
    duplicate: parts(body.readUInt32LE(from + 16)),
    reorder: 0,
    rate: 0,
    limit: body.readUInt32LE(from + 4),
  };
  eachAttribute(body, from + 24, to, (type, start) => {
    if (type === TCA_NETEM_REORDER) found.reorder = parts(body.readUInt32LE(start));
    else if (type === TCA_NETEM_RATE) found.rate = body.readUInt32LE(start);
    else if (type === TCA_NETEM_LATENCY64) found.delay = Number(body.readBigInt64LE(start));
    else if (type === TCA_NETEM_JITTER64) found.jitter = Number(body.readBigInt64LE(start));
  });
  return found;
}

function tbfIn(body: Buffer, from: number, to: number): HeldQdisc {
  const found = { discipline: 'tbf' as const, delay: 0, jitter: 0, loss: 0, duplicate: 0, reorder: 0, rate: 0, limit: 0 };
  eachAttribute(body, from, to, (type, start) => {
    if (type !== TCA_TBF_PARMS) return;
    found.rate = body.readUInt32LE(start + 8);
    found.limit = body.readUInt32LE(start + 24);
  });
  return found;
}
