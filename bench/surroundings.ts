import { mount, mountTmpfs, unshare } from '../src/backend/kernel/libc.ts';

const CLONE_NEWNS = 0x00020000;
const MS_REC = 0x4000;
const MS_PRIVATE = 0x40000;

/**
 * Mounts of its own for this process and what it starts, with /run in memory as systemd has it: on a disk, ext4 would be
 * slow to give an inode that was freed in the last minutes, and a repetition would be slower than the first run.
 * What is mounted in there goes with the last process, however that ends.
 */
export function isolate(): void {
  unshare(CLONE_NEWNS);
  mount('none', '/', MS_REC | MS_PRIVATE);
  mountTmpfs('/run', 'mode=755');
}
