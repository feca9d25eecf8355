/** The real connection test against every scenario: it names exactly that failure, and after mending it passes. */
import {afterEach, describe, expect, test} from 'vitest';
import {examine} from '../../source/connection/examine.ts';
import type {Reach} from '../../source/connection/reach.ts';
import type {Examination, Target} from '../../source/diagnosis/examination.ts';
import {nothingGiven} from '../../source/domain/connection-choice.ts';
import {type Connector, connectors} from '../../source/domain/credential.ts';
import {Secret} from '../../source/domain/secret.ts';
import {parseSite} from '../../source/domain/site.ts';
import {lintToken} from '../../source/domain/token.ts';
import {type Practice, startPractice} from '../../source/practice/practice.ts';
import {practiceFaults} from '../../source/practice/scenarios.ts';
import {warnings} from './warnings.ts';

let practice: Practice | null = null;
afterEach(async () => {
  await practice?.stop();
  practice = null;
});

function targetOf(at: Practice, expiresAt: string | null, connector: Connector): Target {
  const parsed = parseSite(at.url);
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  return {
    connector,
    name: null,
    site: parsed.site,
    username: at.username,
    token: new Secret(at.token),
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    expiresAt,
    tokenKind: lintToken(at.token, null).kind,
  };
}

const reachOf = (at: Practice): Reach => ({
  env: {},
  given: {
    ...nothingGiven,
    proxy: at.proxy === null ? 'none' : {url: at.proxy, username: null, password: null},
    authorities: {certificates: [at.caPem], from: 'practice-ca.pem'},
    timeoutSeconds: (at.timeoutMs ?? 30_000) / 1000,
  },
  detours: at.resolve,
  now: () => new Date(),
});

async function run(at: Practice, expiresAt: string | null, connector: Connector = 'jira-feeds'): Promise<Examination> {
  const steps = examine(targetOf(at, expiresAt, connector), reachOf(at), new AbortController().signal);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}

const codes = ({report}: Examination) => ({
  failure: report.failure?.code ?? null,
  warnings: report.warnings.map(({code}) => code),
});

test('the healthy practice Jira passes without a warning', async () => {
  practice = await startPractice();
  const {report} = await run(practice, practice.expiresAt);
  expect({outcome: report.outcome, failure: report.failure, warnings: report.warnings}).toEqual({
    outcome: 'passed',
    failure: null,
    warnings: [],
  });
  expect(report.steps.map(({status}) => status)).toEqual(Array.from({length: 8}, () => 'passed'));
  expect(report.site).toMatchObject({deployment: 'cloud', title: 'Practice Jira'});
  expect(report.account).toMatchObject({displayName: 'Practice Account', active: true});
});

describe.each(practiceFaults.filter(fault => !warnings.includes(fault)))('%s', fault => {
  test('is the failure, and after mending the test passes', async () => {
    practice = await startPractice({fault});
    // A rehearsal that waits for its timeout waits once.
    for (const connector of practice.timeoutMs === null ? connectors : connectors.slice(0, 1)) {
      const failed = await run(practice, practice.expiresAt, connector);
      expect(codes(failed).failure).toBe(fault);
      expect(failed.report.outcome).not.toBe('passed');
      expect(failed.report.failure?.checklist.length).toBeGreaterThanOrEqual(2);
      expect(JSON.stringify(failed.report)).not.toContain(practice.token);
    }
    await practice.mend();
    const mended = await run(practice, null);
    expect({...codes(mended), outcome: mended.report.outcome}).toEqual({
      failure: null,
      warnings: [],
      outcome: 'passed',
    });
  }, 30_000);
});

describe.each(warnings)('%s', fault => {
  test('is told as a warning of a test that passes', async () => {
    practice = await startPractice({fault});
    for (const connector of connectors) {
      const passed = await run(practice, practice.expiresAt, connector);
      expect({...codes(passed), outcome: passed.report.outcome}).toEqual({
        failure: null,
        warnings: [fault],
        outcome: 'passed',
      });
    }
    await practice.mend();
    const mended = await run(practice, null);
    // A personal access token stays one: only how it is sent can change, and the test says so each time.
    expect(codes(mended).warnings).toEqual(fault === 'pat-needs-bearer' ? [fault] : []);
    expect(mended.report.outcome).toBe('passed');
  }, 30_000);
});
