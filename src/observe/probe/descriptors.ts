import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** The descriptors of a wave, so that every one of them is closed whatever happens. */
export interface Descriptors {
  keep(descriptor: number): number;
  close(descriptor: number): void;
  closeAll(): void;
}

export function createDescriptors(): Descriptors {
  const open = new Set<number>();
  const close = (descriptor: number): void => {
    if (open.delete(descriptor)) closeSync(descriptor);
  };
  return {
    keep(descriptor) {
      open.add(descriptor);
      return descriptor;
    },
    close,
    closeAll() {
      for (const descriptor of open) close(descriptor);
    },
  };
}

/** How many more files this process may open (getrlimit(2), RLIMIT_NOFILE). Node raises its soft limit to the hard one at its start. */
export function descriptorsLeft(): number {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  const open = readdirSync('/proc/self/fd').length;
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft) - open;
}
