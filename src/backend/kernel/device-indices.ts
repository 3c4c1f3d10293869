/** Indices of devices, by which rtnetlink wants to be told of masters, addresses and routes. */
import { deviceIndex } from './libc.ts';
import type { NetlinkSocket } from './netlink/socket.ts';

/** The index of the device with this name; what is still in the batch has none. */
export type IndexOf = (device: string) => number;

/** Each is asked for by itself: a dump of what is there takes the kernel's lock, and says a hundred things of every device. */
export function indicesIn(socket: NetlinkSocket): IndexOf {
  const known = new Map<string, number>();
  return (device) => {
    const index = known.get(device) ?? deviceIndex(socket.fd, device);
    known.set(device, index);
    return index;
  };
}
