import { defineConfig } from 'vitest/config';

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
