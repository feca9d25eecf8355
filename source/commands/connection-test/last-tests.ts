/** The last tests, kept beside the store for `report`. Keeping them is a courtesy: whatever goes wrong with it, a test goes on. */
import type {CircumstanceFacts, Circumstances} from '../../diagnosis/last-pass.ts';
import {leakIn} from '../../diagnosis/leak.ts';
import {
  mostBytes,
  type PastTest,
  parsePastTests,
  pastTestOf,
  type Runtime,
  renderPastTests,
  testOf,
  withNewName,
  withoutTest,
  withTest,
} from '../../diagnosis/past-test.ts';
import type {Report} from '../../diagnosis/test-report.ts';
import type {Secret} from '../../domain/secret.ts';
import {cacheFile} from '../../store/cache-file.ts';
import {homeFolder} from '../../store/home-folder.ts';
import type {World} from '../../world.ts';

export const lastTestsFile = 'last-tests.json';

/** What is kept of a test. `secrets` are what must not stand in it: a report that holds one is not kept. */
export type Over = Readonly<{
  /** Name of the saved credential; null for values that were not saved. */
  of: string | null;
  report: Report;
  facts: CircumstanceFacts;
  secrets: readonly Secret[];
  /** When it ended; default now. */
  at?: Date;
}>;

export type LastTests = Readonly<{
  path: string;
  all(): Promise<readonly PastTest[]>;
  /** By what a saved credential last passed; null where that is not remembered. */
  passedBy(name: string): Promise<Circumstances | null>;
  note(test: Over): Promise<void>;
  /** `null`: of what was not saved. */
  forget(name: string | null): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}>;

export const runtimeOf = (world: World): Runtime => ({
  program: world.version,
  node: process.version,
  system: `${process.platform} ${process.arch}`,
});

/** @param directory folder of the store */
export function lastTestsIn(directory: string, world: World): LastTests {
  const file = cacheFile(directory, lastTestsFile, {largest: 2 * mostBytes});
  const all = async (): Promise<readonly PastTest[]> => parsePastTests(await file.read());
  const change = (edit: (tests: readonly PastTest[]) => readonly PastTest[]): Promise<void> =>
    file.change(text => {
      const tests = edit(parsePastTests(text));
      return tests.length === 0 ? null : renderPastTests(tests);
    });
  // What is not there needs no folder and no lock.
  const changeIfThere = async (edit: (tests: readonly PastTest[]) => readonly PastTest[]): Promise<void> => {
    if ((await all()).length > 0) await change(edit);
  };
  return {
    path: file.path,
    all: () => orElse([], all),
    passedBy: name => orElse(null, async () => testOf(await all(), name)?.passedBy ?? null),
    note: ({of, report, facts, secrets, at = world.now()}) =>
      orElse(undefined, async () => {
        const test = pastTestOf({report, facts}, {of, at, runtime: runtimeOf(world)});
        const known = {tokens: secrets.map(secret => secret.reveal())};
        if (leakIn(JSON.stringify(test), known) === null) await change(tests => withTest(tests, test));
      }),
    forget: name => orElse(undefined, () => changeIfThere(tests => withoutTest(tests, name))),
    rename: (from, to) => orElse(undefined, () => changeIfThere(tests => withNewName(tests, from, to))),
  };
}

/** The home folder, which a text for others does not name. */
export const homeOf = (world: World): string => homeFolder(world.env);

/** Any error at all: a test, a save or a removal must not fail over a note about it. */
async function orElse<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    return otherwise;
  }
}
