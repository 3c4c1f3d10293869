import type { NetlinkSocket } from './socket.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFINFOMSG = 16;
const IFF_UP = 1;
const IFF_RUNNING = 0x40;
const IFF_LOWER_UP = 0x10000;

/**
 * Whether a device of the namespace has its carrier, and the kernel has not come to make use of it (net/core/link_watch.c):
 * what is sent through it is dropped, and as the port of a bridge it forwards nothing.
 */
export function isSettling(socket: NetlinkSocket): boolean {
  let found = false;
  socket.dump(
    RTM_GETLINK,
    IFINFOMSG,
    () => undefined,
    ({ type, body }) => {
      if (type === RTM_NEWLINK && (body.readUInt32LE(8) & (IFF_UP | IFF_LOWER_UP | IFF_RUNNING)) === (IFF_UP | IFF_LOWER_UP)) found = true;
    },
  );
  return found;
}
