import {defineConfig} from 'vitest/config';

export default defineConfig({
  // A seal costs a thousandth of a real one, in process as in the build of the tests; see build.mjs.
  define: {JIRAKEY_TEST_WORK_FACTOR: '10'},
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
