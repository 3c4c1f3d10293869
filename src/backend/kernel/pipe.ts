import { POLLERR, poll } from './libc.ts';

/** Whether anybody still has the other end of the pipe that the descriptor writes into; true for what is no pipe (poll(2)). */
export function hasReader(fd: number): boolean {
  const asked = Buffer.alloc(8);
  asked.writeInt32LE(fd, 0);
  poll(asked, 0);
  return (asked.readInt16LE(6) & POLLERR) === 0;
}
