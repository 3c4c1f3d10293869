/** Addresses of devices (rtnetlink(7), linux/if_addr.h). */
import { release } from 'node:os';
import { AF_OF, bytesOf, splitPrefix, textOfAddress } from './ip-bytes.ts';
import { eachAttribute, NLM_F_CREATE, NLM_F_REPLACE } from './message.ts';
import { PROTOCOL } from './protocol.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;

const IFADDRMSG = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;
const IFA_F_NODAD = 0x02;
const IFA_F_DEPRECATED = 0x20;
/** struct ifa_cacheinfo: seconds that it is preferred and valid, when it was made and changed. */
const DEPRECATED = new Uint8Array(Uint32Array.of(0, 0xffffffff, 0, 0).buffer);

const [major = 0, minor = 0] = release().split('.').map(Number);
const KEEPS_PROTOCOL = major > 5 || (major === 5 && minor >= 18);

export interface HeldAddress {
  readonly device: number;
  /** `10.1.0.10/24`. */
  readonly address: string;
  /** Whether nothing is sent from it unless somebody asks for it (RFC 4862, 5.5.4); IPv6 only. */
  readonly deprecated: boolean;
  /** Whether it bears our protocol number. Kernels before 5.18 keep none: there every address may be ours. */
  readonly ours: boolean;
}

/**
 * Adds an address, or makes the one that is there ours: the kernel itself may have been quicker with a link-local one.
 * IPv6 skips duplicate detection: the plan knows that there is no other, and it would take a second.
 */
export function addAddress(socket: NetlinkSocket, device: number, address: string, deprecated = false): number {
  return message(socket, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, device, address, deprecated);
}

export function deleteAddress(socket: NetlinkSocket, device: number, address: string): number {
  return message(socket, RTM_DELADDR, 0, device, address);
}

function message(socket: NetlinkSocket, type: number, flags: number, device: number, text: string, deprecated = false): number {
  const { address, length } = splitPrefix(text);
  const family = AF_OF(address);
  const bytes = bytesOf(address);
  return socket.add(type, flags, IFADDRMSG, `address ${text}`, (writer, body, at) => {
    body.writeUInt8(family, at);
    body.writeUInt8(length, at + 1);
    body.writeUInt32LE(device, at + 4);
    writer.raw(IFA_LOCAL, bytes);
    writer.raw(IFA_ADDRESS, bytes);
    if (type === RTM_NEWADDR) {
      if (family === 10) writer.u32(IFA_FLAGS, IFA_F_NODAD);
      if (deprecated) writer.raw(IFA_CACHEINFO, DEPRECATED);
      writer.u8(IFA_PROTO, PROTOCOL);
    }
  });
}

/** The addresses of the namespace, both families; of these devices alone where they are given, by their indices. */
export function addresses(socket: NetlinkSocket, of?: ReadonlySet<number>): readonly HeldAddress[] {
  const found: HeldAddress[] = [];
  socket.dump(
    RTM_GETADDR,
    IFADDRMSG,
    () => undefined,
    ({ type, body }) => {
      if (type !== RTM_NEWADDR) return;
      const device = body.readUInt32LE(4);
      if (of?.has(device) === false) return;
      let [at, size] = [0, 0];
      let local = false;
      let flags = body.readUInt8(2);
      let protocol: number | undefined;
      eachAttribute(body, IFADDRMSG, body.length, (attribute, start, end) => {
        // IFA_LOCAL is the own address; IPv6 has it only on point-to-point links.
        if (attribute === IFA_LOCAL || (attribute === IFA_ADDRESS && !local)) [at, size] = [start, end - start];
        if (attribute === IFA_LOCAL) local = true;
        else if (attribute === IFA_FLAGS) flags = body.readUInt32LE(start);
        else if (attribute === IFA_PROTO) protocol = body.readUInt8(start);
      });
      if (size > 0)
        found.push({
          device,
          address: `${textOfAddress(body, at, at + size)}/${body.readUInt8(1)}`,
          deprecated: (flags & IFA_F_DEPRECATED) !== 0,
          ours: protocol === PROTOCOL || !KEEPS_PROTOCOL,
        });
    },
  );
  return found;
}
