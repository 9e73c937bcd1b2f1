import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    // End-to-end tests wait for other processes most of the time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two files at a time, however few cores there are, for the same reason.
    maxWorkers: 2,
    maxConcurrency: 4,
    pool: 'threads',
  },
});
