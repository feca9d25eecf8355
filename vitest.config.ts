import {defineConfig} from 'vitest/config';

// Rules without a process, a socket or a screen: one module graph for all of them, in threads.
const pure = ['test/{domain,diagnosis,assistant,prerequisites,text}/**/*.test.ts', 'test/*.test.ts'];
// Crash, tampering, system calls, hostile servers: what asks thousands of times or waits for the disk.
const slow = 'test/**/*.slow.test.{ts,tsx}';

const globalSetup = ['test/support/build.ts'];

export default defineConfig({
  // A seal costs a 256th of a real one, in process as in the build of the tests; see build.mjs.
  define: {JIRAKEY_TEST_WORK_FACTOR: '10'},
  test: {
    // Every JSON document any test has printed is held against its schema.
    setupFiles: ['test/support/checked-main.ts', 'test/support/property-seed.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    // A busy machine with two cores needs patience, not retries.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {extends: true, test: {name: 'fast', include: pure, exclude: [slow], pool: 'threads', isolate: false}},
      {
        extends: true,
        test: {name: 'system', include: ['test/**/*.test.{ts,tsx}'], exclude: [...pure, slow], globalSetup},
      },
      {extends: true, test: {name: 'slow', include: [slow], globalSetup}},
    ],
  },
});
