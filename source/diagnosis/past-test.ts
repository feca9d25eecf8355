/**
 * What is remembered of a connection test once it is over: its report, and what the report does not say (when, by what
 * program, over which way). Kept in a file beside the store, so it is checked and cleaned when it is read. Pure.
 */
import * as z from 'zod';
import {clean} from '../domain/clean.ts';
import {isoDate, schemes} from '../domain/credential.ts';
import {sameName} from '../domain/name.ts';
import {type CircumstanceFacts, circumstances, circumstancesOf} from './last-pass.ts';
import {proxyUse} from './proxy-use.ts';
import {type DeepReadonly, line, type Report, testSchema} from './test-report.ts';

const moment = z.iso.datetime();

/** The program that tested and what it ran on. */
const word = z.string().transform((text): string => clean(text));
const runtime = z.strictObject({program: word, node: word, system: word});
export type Runtime = DeepReadonly<z.infer<typeof runtime>>;

const pastTest = z.strictObject({
  /** Name of the saved credential it was of; null for values that were not saved. */
  of: z
    .string()
    .min(1)
    .transform(name => clean(name))
    .nullable(),
  /** When it ended. */
  at: moment,
  /** When the unbroken row of tests began that ended as this one did; `at` where it is the first. */
  since: moment,
  /** How many tests that row has, this one included. */
  tries: z.int().positive(),
  /** When the same credential last passed, as far as is remembered. */
  lastPassed: moment.nullable(),
  /** By what it passed then. */
  passedBy: circumstances.nullable(),
  runtime,
  scheme: z.enum(schemes),
  /** Last day of the token, null when unknown. */
  expiresAt: isoDate.nullable(),
  proxy: proxyUse.nullable(),
  /** Where the trusted CAs came from. */
  trust: z.array(line).max(20),
  report: testSchema,
});
export type PastTest = DeepReadonly<z.infer<typeof pastTest>>;

/** A test that is just over, not yet compared with the ones before. */
export function pastTestOf(
  test: Readonly<{report: Report; facts: CircumstanceFacts}>,
  about: Readonly<{of: string | null; at: Date; runtime: Runtime}>,
): PastTest {
  const {report, facts} = test;
  const at = about.at.toISOString();
  return {
    of: about.of === null ? null : clean(about.of),
    at,
    since: at,
    tries: 1,
    lastPassed: report.outcome === 'passed' ? at : null,
    passedBy: report.outcome === 'passed' ? circumstancesOf(test, {at: about.at, node: about.runtime.node}) : null,
    runtime: about.runtime,
    scheme: facts.scheme,
    expiresAt: facts.expiresAt,
    proxy: facts.proxy,
    trust: facts.trust,
    report,
  };
}

/** How many are remembered at most, and how many bytes they may take together; the oldest give way. */
export const mostTests = 100;
export const mostBytes = 512 * 1024;

const currentVersion = 1;
const documentSchema = z.object({version: z.literal(currentVersion), tests: z.array(z.unknown())});

/** @returns the tests of a file's text, newest first; what is not of our form is passed over, as if it were not there */
export function parsePastTests(text: string | null): readonly PastTest[] {
  const document = documentSchema.safeParse(jsonOf(text ?? ''));
  if (!document.success) return [];
  return document.data.tests.flatMap(each => {
    const test = pastTest.safeParse(each);
    return test.success ? [test.data] : [];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The text `parsePastTests` reads; of more than may be kept the oldest are left out. */
export function renderPastTests(tests: readonly PastTest[]): string {
  for (let count = Math.min(tests.length, mostTests); ; count -= 1) {
    const text = `${JSON.stringify({version: currentVersion, tests: tests.slice(0, count)})}\n`;
    if (count === 0 || new TextEncoder().encode(text).length <= mostBytes) return text;
  }
}

const sameKey = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : sameName(one, other);

/** The test of a saved credential, or with null of what was not saved. */
export const testOf = (tests: readonly PastTest[], of: string | null): PastTest | null =>
  tests.find(test => sameKey(test.of, of)) ?? null;

/** With one more test in place of the one before of the same credential, whose row it may go on. */
export function withTest(tests: readonly PastTest[], test: PastTest): readonly PastTest[] {
  const before = testOf(tests, test.of);
  return [continued(test, before), ...tests.filter(each => each !== before)];
}

function continued(test: PastTest, before: PastTest | null): PastTest {
  const {credential, outcome, failure} = test.report;
  const earlier = before?.report;
  if (before === null || earlier?.credential.url !== credential.url) return test;
  if (earlier.credential.username !== credential.username) return test;
  const lastPassed = test.lastPassed ?? before.lastPassed;
  const passedBy = test.passedBy ?? before.passedBy;
  const same = earlier.outcome === outcome && earlier.failure?.code === failure?.code;
  return same
    ? {...test, lastPassed, passedBy, since: before.since, tries: before.tries + 1}
    : {...test, lastPassed, passedBy};
}

export const withoutTest = (tests: readonly PastTest[], of: string | null): readonly PastTest[] =>
  tests.filter(test => !sameKey(test.of, of));

/** The credential has another name now. What was remembered under that name was of another one. */
export function withNewName(tests: readonly PastTest[], from: string, to: string): readonly PastTest[] {
  const others = sameName(from, to) ? tests : withoutTest(tests, to);
  return others.map(test => (sameKey(test.of, from) ? {...test, of: clean(to)} : test));
}

/** The newest of all. */
export const newestTest = (tests: readonly PastTest[]): PastTest | null =>
  tests.reduce<PastTest | null>((newest, test) => (newest === null || test.at > newest.at ? test : newest), null);
