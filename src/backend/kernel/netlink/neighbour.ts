/** Who is behind which device: neighbour tables, and forwarding tables of bridges and tunnels (linux/neighbour.h). */
import { AF_INET, AF_INET6 } from '../libc.ts';
import { textOfAddress, textOfMac } from './ip-bytes.ts';
import { eachAttribute } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

export const RTM_NEWNEIGH = 28;
const RTM_GETNEIGH = 30;

/** struct ndmsg. */
export const NDMSG = 12;
export const AF_BRIDGE = 7;
export const NDA_DST = 1;
export const NDA_LLADDR = 2;
const NDA_CACHEINFO = 3;
const NDA_VLAN = 5;
const NDA_MASTER = 9;

export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

/** Ages are hundredths of a second (USER_HZ). */
const HUNDREDTHS = 100;

const FAMILIES = { ipv4: AF_INET, ipv6: AF_INET6, bridge: AF_BRIDGE } as const;

export interface HeldNeighbour {
  /** Index. */
  readonly device: number;
  /** Index of the bridge whose table it is in; 0 for none. */
  readonly master: number;
  /** Empty where it is not known. */
  readonly mac: string;
  /** Of the neighbour, or of the endpoint of a tunnel; empty in the table of a bridge. */
  readonly address: string;
  readonly vlan: number | undefined;
  /** NUD_* bits. */
  readonly state: number;
  /** Seconds since it was confirmed to be reachable, since it was used, and since the entry was last refreshed. */
  readonly confirmed: number;
  readonly used: number;
  readonly refreshed: number;
}

/** A table of the namespace of the socket; `bridge` gives those of tunnels as well. */
export function neighbours(socket: NetlinkSocket, family: keyof typeof FAMILIES): readonly HeldNeighbour[] {
  const found: HeldNeighbour[] = [];
  socket.dump(
    RTM_GETNEIGH,
    NDMSG,
    (_writer, body, at) => void body.writeUInt8(FAMILIES[family], at),
    ({ type, body }) => {
      if (type === RTM_NEWNEIGH) found.push(neighbourIn(body));
    },
  );
  return found;
}

function neighbourIn(body: Buffer): HeldNeighbour {
  const found = { mac: '', address: '', master: 0, vlan: undefined as number | undefined, confirmed: 0, used: 0, refreshed: 0 };
  eachAttribute(body, NDMSG, body.length, (attribute, start, end) => {
    if (attribute === NDA_LLADDR) found.mac = textOfMac(body, start, end);
    else if (attribute === NDA_DST) found.address = textOfAddress(body, start, end);
    else if (attribute === NDA_MASTER) found.master = body.readUInt32LE(start);
    else if (attribute === NDA_VLAN) found.vlan = body.readUInt16LE(start);
    else if (attribute === NDA_CACHEINFO)
      [found.confirmed, found.used, found.refreshed] = [0, 4, 8].map((at) => body.readUInt32LE(start + at) / HUNDREDTHS) as [
        number,
        number,
        number,
      ];
  });
  return { device: body.readInt32LE(4), state: body.readUInt16LE(8), ...found };
}
