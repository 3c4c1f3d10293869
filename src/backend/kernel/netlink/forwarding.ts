/** Forwarding tables of tunnels (bridge(8), linux/neighbour.h). */
import { macToBytes } from '../../../address/bytes.ts';
import { bytesOf } from './ip-bytes.ts';
import { NLM_F_CREATE } from './message.ts';
import { AF_BRIDGE, NDA_DST, NDA_LLADDR, NDMSG, NUD_NOARP, NUD_PERMANENT, neighbours, RTM_NEWNEIGH } from './neighbour.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_DELNEIGH = 29;
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

/** All entries of tunnels in the namespace. Those of bridges lead to ports, and to no address. */
export const entries = (socket: NetlinkSocket): readonly HeldEntry[] =>
  neighbours(socket, 'bridge')
    .filter(({ address }) => address !== '')
    .map(({ device, mac, address, state }) => ({ device, mac, to: address, learned: (state & NUD_PERMANENT) === 0 }));
