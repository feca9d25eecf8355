/** Many tests as one result: the document of `test --all --json`, and the one exit code. */
import {aboutExpiry} from '../../diagnosis/diagnose.ts';
import type {Report} from '../../diagnosis/test-report.ts';
import {type ExitCode, exit} from '../../domain/exit.ts';

export type Summary = Readonly<{
  total: number;
  passed: number;
  failed: number;
  unverified: number;
  /** Tokens that end within thirty days, or have. */
  expiring: number;
}>;

const count = (tests: readonly Report[], holds: (report: Report) => boolean): number => tests.filter(holds).length;

const endsSoon = ({warnings, failure}: Report): boolean =>
  [...warnings, ...(failure === null ? [] : [failure])].some(aboutExpiry);

/** Each of `tests` is the document of one test. Public. */
export function documentOf(tests: readonly Report[]) {
  const summary: Summary = {
    total: tests.length,
    passed: count(tests, ({outcome}) => outcome === 'passed'),
    failed: count(tests, ({outcome}) => outcome === 'failed'),
    unverified: count(tests, ({outcome}) => outcome === 'unverified'),
    expiring: count(tests, endsSoon),
  };
  return {schemaVersion: 1, summary, tests} as const;
}

/** What concerns every credential first; then what Jira itself said; then what may pass by itself. */
const byGravity: readonly ExitCode[] = [
  exit.bug,
  exit.store,
  exit.notFound,
  exit.usage,
  exit.rejected,
  exit.permission,
  exit.tls,
  exit.dns,
  exit.network,
  exit.site,
];

export const mostSevere = (codes: readonly ExitCode[]): ExitCode =>
  byGravity.find(code => codes.includes(code)) ?? exit.done;
