/** When the kernel has let go of network namespaces: it does so in its own time, after the last process that asked has ended. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inScratch } from '../src/backend/kernel/namespace.ts';

/** Objects of slabs that processors keep for themselves count as used (slabinfo(5)). */
const KEPT_BY_PROCESSORS = 28;
const LIMIT = 300;

/** Network namespaces in the kernel's memory, those included that nothing refers to any more. */
export function namespacesInMemory(): number {
  const line = readFileSync('/proc/slabinfo', 'utf8')
    .split('\n')
    .find((text) => text.startsWith('net_namespace '));
  const count = Number(line?.split(/\s+/)[1]);
  if (!Number.isInteger(count)) throw new Error('/proc/slabinfo does not tell of net_namespace');
  return count;
}

/**
 * Waits until there are as few as `before`, or almost; for several minutes at most.
 *
 * Since Linux 6.13 the memory of a namespace is given back when the next one goes (net_complete_free in
 * net/core/net_namespace.c): on a quiet host that may be never, so one goes at each look.
 */
export async function untilFreed(before: number): Promise<void> {
  const end = performance.now() + LIMIT * 1000;
  while (namespacesInMemory() > before + KEPT_BY_PROCESSORS) {
    if (performance.now() > end)
      throw new Error(`after ${LIMIT} s the kernel still holds ${namespacesInMemory() - before} more namespaces than before`);
    inScratch(() => undefined);
    await sleep(20);
  }
}
