/** Sockets that get a copy of each frame that passes a device (packet(7)). Nothing of them is left when the process ends, however it does. */
import { closeSync } from 'node:fs';
import { AF_PACKET, attachFilter, bind, deviceIndex, getSocketOption, inbox, SOCK_RAW, setSocketOption, socket } from './libc.ts';
import { SystemError } from './system-error.ts';

const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_TIMESTAMPNS = 35;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const PACKET_AUXDATA = 8;
const PACKET_IGNORE_OUTGOING = 23;
const ETH_P_ALL = 0x0003;

/** struct sockaddr_ll. */
const SOCKADDR_LL = 20;
const SLL_IFINDEX = 4;
const SLL_PKTTYPE = 10;

/** struct cmsghdr, and the two that come: a struct timespec and a struct tpacket_auxdata. */
const CMSGHDR = 16;
const CONTROL = CMSGHDR + 16 + CMSGHDR + 24;
const AUX_VLAN_TCI = 16;
const AUX_VLAN_TPID = 18;
const TP_STATUS_VLAN_VALID = 1 << 4;
const TP_STATUS_VLAN_TPID_VALID = 1 << 6;
const ETH_P_8021Q = 0x8100;
const VLAN_TYPES: ReadonlySet<number> = new Set([ETH_P_8021Q, 0x88a8]);
const TAG = 4;
const LARGEST_VID = 0xfff;
/** Where the tag belongs: behind the two MAC addresses. */
const TAG_AT = 12;

const EAGAIN = 11;
const EINTR = 4;
const ENETDOWN = 100;

/** Frames in one system call. */
const BATCH = 64;

/** PACKET_HOST and the like (linux/if_packet.h). */
const TYPES = ['to-us', 'broadcast', 'multicast', 'to-others', 'outgoing'] as const;
export type FrameType = (typeof TYPES)[number];

export interface Frame {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** With the VLAN tag that the kernel keeps apart; cut to the snap length. */
  readonly data: Buffer;
  /** Bytes that it had on the wire. */
  readonly length: number;
  readonly type: FrameType;
  /** The index of the device that it was seen at. */
  readonly device: number;
  /** Of the outermost tag (IEEE 802.1Q); 0 without one, or with one that has only a priority. */
  readonly vlan: number;
}

export interface PacketSocketOptions {
  /** All devices of the namespace unless given. */
  readonly device?: string;
  /** As `compileFilter` gives it; nothing for all frames. */
  readonly filter?: Uint8Array;
  /** Whether frames that leave by the device are left out. */
  readonly ignoreOutgoing: boolean;
  /** Bytes that wait in the kernel until they are read. What finds no room is lost, and counted. */
  readonly buffer: number;
}

/** BPF_RET | BPF_K, zero bytes. */
const NOTHING = Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0);

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Of the device in the namespace that the thread was in when it was opened. */
export class PacketSocket {
  readonly #fd: number;
  readonly #counted = { received: 0, dropped: 0 };
  #down = false;

  /** @throws SystemError `ENODEV` where there is no such device, `ENETDOWN` where it is down. */
  constructor({ device, filter, ignoreOutgoing, buffer }: PacketSocketOptions) {
    // Without a protocol nothing comes until it is bound: no frame gets past the filter.
    this.#fd = socket(AF_PACKET, SOCK_RAW, 0);
    try {
      this.#makeRoom(buffer);
      setSocketOption(this.#fd, SOL_SOCKET, SO_TIMESTAMPNS, number(1));
      setSocketOption(this.#fd, SOL_PACKET, PACKET_AUXDATA, number(1));
      if (ignoreOutgoing) setSocketOption(this.#fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, number(1));
      if (filter !== undefined) attachFilter(this.#fd, filter);
      const address = Buffer.alloc(SOCKADDR_LL);
      address.writeUInt16LE(AF_PACKET, 0);
      address.writeUInt16BE(ETH_P_ALL, 2);
      if (device !== undefined) address.writeInt32LE(deviceIndex(this.#fd, device), 4);
      bind(this.#fd, address);
      const error = Buffer.alloc(4);
      getSocketOption(this.#fd, SOL_SOCKET, SO_ERROR, error);
      if (error.readInt32LE() !== 0) throw new SystemError('bind', error.readInt32LE(), device ?? 'all devices');
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Beyond the limit for everybody (net.core.rmem_max) where the kernel lets us: not in a user namespace. */
  #makeRoom(bytes: number): void {
    try {
      setSocketOption(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, number(bytes));
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EPERM') throw error;
      setSocketOption(this.#fd, SOL_SOCKET, SO_RCVBUF, number(bytes));
    }
  }

  /** Lets nothing more in. What waits can still be read. */
  shut(): void {
    attachFilter(this.#fd, NOTHING);
  }

  /** The next frames, at most `limit` or a few more; undefined once the device is gone or down. */
  read(snapLength: number, limit: number): readonly Frame[] | undefined {
    const frames: Frame[] = [];
    while (frames.length < limit && !this.#down) {
      const came = received().receive(this.#fd);
      if (came === -EAGAIN) break;
      if (came === -EINTR) continue;
      // The kernel says it once.
      if (came === -ENETDOWN) this.#down = true;
      else if (came < 0) throw new SystemError('recvmmsg', -came, 'a packet socket');
      for (let i = 0; i < came; i++) frames.push(frameIn(i, snapLength));
      if (came < BATCH) break;
    }
    return this.#down && frames.length === 0 ? undefined : frames;
  }

  /** What came to it so far, and what of that found no room. */
  statistics(): { readonly received: number; readonly dropped: number } {
    const counts = Buffer.alloc(8);
    // The kernel begins anew with each answer.
    getSocketOption(this.#fd, SOL_PACKET, PACKET_STATISTICS, counts);
    this.#counted.received += counts.readUInt32LE(0);
    this.#counted.dropped += counts.readUInt32LE(4);
    return { ...this.#counted };
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The largest frame there can be: what is offloaded passes virtual devices in one piece (GSO_MAX_SIZE is 512 KiB at the very most). */
const LARGEST = 1 << 18;

let inboxHere: ReturnType<typeof inbox> | undefined;
/** Made when it is needed: it is large, though the kernel gives memory only for what is used. */
const received = (): ReturnType<typeof inbox> => {
  inboxHere ??= inbox(BATCH, LARGEST, { addressSize: SOCKADDR_LL, controlSize: CONTROL });
  return inboxHere;
};

function frameIn(index: number, snapLength: number): Frame {
  const from = received();
  const { time, tag } = said(from.control(index));
  const data = from.data(index);
  const length = from.length(index);
  const address = from.address(index);
  const type = TYPES[address.readUInt8(SLL_PKTTYPE)] ?? 'to-others';
  const device = address.readInt32LE(SLL_IFINDEX);
  if (tag === undefined || data.length < TAG_AT)
    return { time, data: Buffer.from(data.subarray(0, snapLength)), length, type, device, vlan: vlanIn(data.subarray(TAG_AT)) };
  const tagged = Buffer.concat([data.subarray(0, TAG_AT), tag, data.subarray(TAG_AT, snapLength)]).subarray(0, snapLength);
  return { time, data: tagged, length: length + tag.length, type, device, vlan: vlanIn(tag) };
}

/** Whoever writes frames themselves, as Open vSwitch does, writes tags into them. */
const vlanIn = (tag: Buffer): number => (tag.length >= TAG && VLAN_TYPES.has(tag.readUInt16BE(0)) ? tag.readUInt16BE(2) & LARGEST_VID : 0);

function said(control: Buffer): { readonly time: bigint; readonly tag: Buffer | undefined } {
  let time = 0n;
  let tag: Buffer | undefined;
  for (let at = 0; at + CMSGHDR <= control.length; ) {
    const size = Number(control.readBigUInt64LE(at));
    if (size < CMSGHDR || at + size > control.length) break;
    const [level, type, body] = [control.readInt32LE(at + 8), control.readInt32LE(at + 12), at + CMSGHDR];
    if (level === SOL_SOCKET && type === SO_TIMESTAMPNS)
      time = control.readBigInt64LE(body) * 1_000_000_000n + control.readBigInt64LE(body + 8);
    if (level === SOL_PACKET && type === PACKET_AUXDATA) tag = tagIn(control.subarray(body, at + size));
    at += Math.ceil(size / 8) * 8;
  }
  return { time, tag };
}

function tagIn(auxiliary: Buffer): Buffer | undefined {
  const status = auxiliary.readUInt32LE(0);
  if ((status & TP_STATUS_VLAN_VALID) === 0) return undefined;
  const tag = Buffer.alloc(4);
  tag.writeUInt16BE((status & TP_STATUS_VLAN_TPID_VALID) === 0 ? ETH_P_8021Q : auxiliary.readUInt16LE(AUX_VLAN_TPID), 0);
  tag.writeUInt16BE(auxiliary.readUInt16LE(AUX_VLAN_TCI), 2);
  return tag;
}
