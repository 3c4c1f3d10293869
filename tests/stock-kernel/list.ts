/**
 * What is run in Debian's kernel, beside every `*.stock.test.ts`, which runs nowhere else. Paths from the root of the clone.
 * All of it together, in one guest, is to take less than eight minutes on two cores.
 */
export const alsoInStockKernel: readonly string[] = ['tests/kernel/netlink.test.ts', 'tests/kernel/tunnel.test.ts'];

/** Examples that need what many kernels lack: they are raised there, and nowhere else. */
export const examplesOnlyInStockKernel: readonly string[] = ['gre', 'gre-mesh', 'geneve', 'impaired'];
