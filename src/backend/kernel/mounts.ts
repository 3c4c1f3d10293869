import { closeSync, openSync } from 'node:fs';
import { POLLERR, poll } from './libc.ts';

/** Tells whether anything was mounted or unmounted since it was asked the last time (proc_pid_mountinfo(5)). */
export class MountEvents {
  readonly #fd = openSync('/proc/self/mountinfo', 'r');

  changed(): boolean {
    const asked = Buffer.alloc(8);
    asked.writeInt32LE(this.#fd, 0);
    poll(asked, 0);
    return (asked.readInt16LE(6) & POLLERR) !== 0;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
