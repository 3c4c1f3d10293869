/** Frames as they are, sent and captured inside of a machine. */

import { closeSync } from 'node:fs';
import {
  AF_PACKET,
  bind,
  POLLIN,
  poll,
  SOCK_NONBLOCK,
  SOCK_RAW,
  send,
  setSocketOption,
  socket,
  tryReceive,
} from '../../src/backend/kernel/libc.ts';
import { within } from '../../src/backend/kernel/namespace.ts';
import { devices } from '../../src/backend/kernel/netlink/devices.ts';
import { withSocket } from '../../src/backend/kernel/netlink/socket.ts';

const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const LONGEST = 70_000;

export interface Wire {
  send(frame: Uint8Array): void;
  /** Waits, at most for a second, until there is one; undefined if there is none. */
  receive(): Buffer | undefined;
  close(): void;
}

/** At the interface of a machine, whose namespace is a file at `path`. */
export function openWire(path: string, device: string): Wire {
  const fd = within(path, () => {
    const index = withSocket((netlink) => devices(netlink).find(({ name }) => name === device)?.index);
    if (index === undefined) throw new Error(`no ${device} in ${path}`);
    const opened = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    setSocketOption(opened, SOL_SOCKET, SO_RCVBUF, Buffer.from(Int32Array.of(4_000_000).buffer));
    bind(opened, packetAddress(index));
    return opened;
  });
  const buffer = Buffer.alloc(LONGEST);
  return {
    send: (frame) => void send(fd, frame),
    receive: () => {
      const waiting = Buffer.alloc(8);
      waiting.writeInt32LE(fd, 0);
      waiting.writeInt16LE(POLLIN, 4);
      if (poll(waiting, 1000) === 0) return undefined;
      const length = tryReceive(fd, buffer);
      return length < 0 ? undefined : Buffer.from(buffer.subarray(0, length));
    },
    close: () => closeSync(fd),
  };
}

/** struct sockaddr_ll of packet(7). */
function packetAddress(index: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(index, 4);
  return address;
}
