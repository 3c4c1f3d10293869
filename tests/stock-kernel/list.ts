/**
 * What is run in Debian's kernel, beside every `*.stock.test.ts`, which runs nowhere else. Paths from the root of the clone.
 * A guest has one processor: there are two guests at a time, and together they are to take less than ten minutes on two cores.
 */
const alsoInStockKernel: readonly string[] = ['tests/kernel/netlink.test.ts', 'tests/kernel/tunnel.test.ts'];

/** Takes about half of the time. */
const onSwitches: readonly string[] = [
  'tests/stock-kernel/examples-on-switches.stock.test.ts',
  'tests/switches/impaired.stock.test.ts',
  'tests/switches/linux.stock.test.ts',
  'tests/switches/own-address.stock.test.ts',
  'tests/switches/ring.stock.test.ts',
];

export interface Share {
  readonly what: string;
  /** For Vitest: which files, and which of those not. */
  readonly files: readonly string[];
  readonly without: readonly string[];
}

/** No `*.stock.test.ts` is in none of them. */
export const guests: readonly Share[] = [
  { what: 'switches', files: onSwitches, without: [] },
  { what: 'all the rest', files: ['.stock.test.ts', ...alsoInStockKernel], without: onSwitches },
];

/** Examples that need what many kernels lack: they are raised there, and nowhere else. */
export const examplesOnlyInStockKernel: readonly string[] = ['gre', 'gre-mesh', 'geneve', 'impaired'];
