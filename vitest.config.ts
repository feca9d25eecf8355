import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build.ts'],
    // Every JSON document any test has printed is held against its schema.
    setupFiles: ['test/support/checked-main.ts'],
    // Sealing takes most of a second and 256 MiB; a busy machine with two cores needs patience, not retries.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
