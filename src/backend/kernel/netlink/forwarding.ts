/** Forwarding tables of tunnels (bridge(8), linux/neighbour.h). */
import { macToBytes } from '../../../address/bytes.ts';
import { bytesOf, textOfAddress, textOfMac } from './ip-bytes.ts';
import { eachAttribute, NLM_F_CREATE } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWNEIGH = 28;
const RTM_DELNEIGH = 29;
const RTM_GETNEIGH = 30;

const NDMSG = 12;
const AF_BRIDGE = 7;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NUD_NOARP = 0x40;
const NUD_PERMANENT = 0x80;
/** The table of the device itself, and not of a bridge that it is a port of. */
const NTF_SELF = 0x02;
/** Beside what there is for the same MAC address. */
const NLM_F_APPEND = 0x800;

export interface HeldEntry {
  /** Index. */
  readonly device: number;
  readonly mac: string;
  /** The address of another endpoint. */
  readonly to: string;
  /** Whether it was learned, and will be forgotten. */
  readonly learned: boolean;
}

export const addEntry = (socket: NetlinkSocket, device: number, mac: string, to: string): number =>
  message(socket, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND, device, mac, to);

export const deleteEntry = (socket: NetlinkSocket, device: number, mac: string, to: string): number =>
  message(socket, RTM_DELNEIGH, 0, device, mac, to);

function message(socket: NetlinkSocket, type: number, flags: number, device: number, mac: string, to: string): number {
  return socket.add(type, flags, NDMSG, `forwarding entry ${mac} to ${to}`, (writer, body, at) => {
    body.writeUInt8(AF_BRIDGE, at);
    body.writeInt32LE(device, at + 4);
    body.writeUInt16LE(NUD_PERMANENT | NUD_NOARP, at + 8);
    body.writeUInt8(NTF_SELF, at + 10);
    writer.raw(NDA_LLADDR, macToBytes(mac));
    writer.raw(NDA_DST, bytesOf(to));
  });
}

/** All entries of tunnels in the namespace. */
export function entries(socket: NetlinkSocket): readonly HeldEntry[] {
  const found: HeldEntry[] = [];
  socket.dump(
    RTM_GETNEIGH,
    NDMSG,
    (_writer, body, at) => void body.writeUInt8(AF_BRIDGE, at),
    ({ type, body }) => {
      if (type !== RTM_NEWNEIGH) return;
      let [mac, to] = ['', ''];
      eachAttribute(body, NDMSG, body.length, (attribute, start, end) => {
        if (attribute === NDA_LLADDR) mac = textOfMac(body, start, end);
        else if (attribute === NDA_DST) to = textOfAddress(body, start, end);
      });
      // Those of bridges lead to ports, and to no address.
      if (to !== '') found.push({ device: body.readInt32LE(4), mac, to, learned: (body.readUInt16LE(8) & NUD_PERMANENT) === 0 });
    },
  );
  return found;
}
