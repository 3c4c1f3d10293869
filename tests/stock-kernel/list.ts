/**
 * What is run in Debian's kernel, beside every `*.stock.test.ts`, which runs nowhere else. Paths from the root of the clone.
 * All of it together, in one guest, is to take less than five minutes on two cores.
 */
export const alsoInStockKernel: readonly string[] = ['tests/kernel/netlink.test.ts'];

/** Examples that are raised there; an example that other kernels cannot hold is raised nowhere else. */
export const examplesInStockKernel: readonly string[] = ['router-lab'];
