import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that need more than most kernels have; `tests/stock-kernel` runs them in Debian's. */
const elsewhere = process.env['NETBOTTLE_STOCK_KERNEL'] === '1' ? [] : ['tests/**/*.stock.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          // Property tests take their time on a busy machine; none of them is about time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['tests/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...elsewhere],
          globalSetup: ['scripts/build-first.ts'],
          // They make processes and namespaces of their own, which is where the time goes.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // What is waited for comes; on a busy machine not within the second that is usual.
          expect: { poll: { timeout: 30_000 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
