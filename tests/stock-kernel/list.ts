import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is run in Debian's kernel, beside every `*.stock.test.ts`, which runs nowhere else. Paths from the root of the clone.
 * A guest has one processor: there are two guests at a time, and together they are to take less than ten minutes on two cores that do nothing else.
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

/** Vitest leaves out nothing in its projects by `--exclude`: each guest is told its files. */
const rest = readdirSync(join(import.meta.dirname, '..'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('tests', file))
  .filter((file) => file.endsWith('.stock.test.ts') && !onSwitches.includes(file));

export interface Share {
  readonly what: string;
  readonly files: readonly string[];
}

export const guests: readonly Share[] = [
  { what: 'switches', files: onSwitches },
  { what: 'all the rest', files: [...rest.sort(), ...alsoInStockKernel] },
];

/** Examples that need what many kernels lack: they are raised there, and nowhere else. */
export const examplesOnlyInStockKernel: readonly string[] = ['gre', 'gre-mesh', 'geneve', 'impaired'];
