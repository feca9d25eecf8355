/**
 * The end of a run: which tests were skipped and why, the time of each project, and one plain line with the counts for
 * whoever reads the output by program.
 */
import type {Reporter, TestCase, TestModule, TestRunEndReason} from 'vitest/node';

type Skipped = Readonly<{file: string; name: string; reason: string}>;

/** A test says why it is skipped in its name, or by `context.skip(reason)`. */
function skipped(test: TestCase): Skipped[] {
  const result = test.result();
  if (result.state !== 'skipped') return [];
  const reason = result.note ?? /\((skipped [^)]*)\)/.exec(test.fullName)?.[1] ?? 'no reason given';
  return [{file: test.module.relativeModuleId, name: test.fullName, reason}];
}

/** As Map.groupBy, which Node 20 does not have. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string): [key: string, members: T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups];
}

/** Tests of a file and why they did not run, one line for all with the same reason. */
function skippedLines(tests: readonly Skipped[]): string[] {
  const groups = grouped(tests, ({file, reason}) => `${file}: ${reason}`);
  return groups.map(([head, all]) => `  ${head} (${all.length})`);
}

function timeLines(modules: readonly TestModule[]): string[] {
  return grouped(modules, module => module.project.name).map(([name, all]) => {
    const seconds = all.reduce((sum, module) => sum + module.diagnostic().duration, 0) / 1000;
    return `  ${name}: ${all.length} files, ${seconds.toFixed(1)} s of tests`;
  });
}

/** Files that took longest; where the time goes is seen without a profiler. */
function slowestLines(modules: readonly TestModule[], count = 8): string[] {
  const timed = modules.map(module => ({file: module.relativeModuleId, ms: module.diagnostic().duration}));
  const slowest = timed.sort((one, other) => other.ms - one.ms).slice(0, count);
  return slowest.map(({file, ms}) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
}

export default class SummaryReporter implements Reporter {
  #started = 0;

  onTestRunStart(): void {
    this.#started = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const notRun = tests.flatMap(skipped);
    const of = (state: string): number => tests.filter(test => test.result().state === state).length;
    // A file that cannot be loaded, or an error outside every test, is a failure although no test is counted for it.
    const broken = modules.filter(module => module.errors().length > 0).length + errors.length;
    // Nor is a run that did not come to its end a green one.
    const failed = Math.max(of('failed') + broken, reason === 'passed' ? 0 : 1);
    const lines = [
      '',
      ...(notRun.length === 0 ? [] : ['Skipped, so not proven here:', ...skippedLines(notRun), '']),
      `Times, ${((performance.now() - this.#started) / 1000).toFixed(1)} s in all:`,
      ...timeLines(modules),
      '',
      'Slowest files:',
      ...slowestLines(modules),
      '',
      `${of('passed')} passed, ${failed} failed, ${notRun.length} skipped`,
      '',
    ];
    process.stdout.write(lines.join('\n'));
  }
}
