/** Stand-ins for the world around the assistant: ports that answer at once, and a store in memory. */

import type {Ports} from '../../source/assistant/ports.ts';
import type {Start} from '../../source/assistant/state.ts';
import type {FailureCode} from '../../source/diagnosis/codes.ts';
import {fail} from '../../source/diagnosis/diagnose.ts';
import type {Facts, Seen} from '../../source/diagnosis/evidence.ts';
import type {Examination, ExamineEvent, Look, Target} from '../../source/diagnosis/examination.ts';
import type {Failure, Report} from '../../source/diagnosis/test-report.ts';
import {own} from '../../source/domain/clean.ts';
import {plainRun} from '../../source/domain/command-line.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {type Draft, type SavedCredential, sealedContentSchema} from '../../source/domain/credential.ts';
import {StoreFault} from '../../source/domain/fault.ts';
import {Secret} from '../../source/domain/secret.ts';
import {type StepId, stepIds} from '../../source/domain/step.ts';
import {tokenChecksum} from '../../source/domain/token-shape.ts';
import {answer, jiraCloud, trouble} from '../diagnosis/fabricate.ts';

export const now = new Date('2026-11-23T10:00:00Z');

/** A token of the right shape with a true checksum, made of nothing secret. */
export const token = (() => {
  const body = `ATATT3xFfGF0${'Synthetic-token_of-the-tests'.repeat(7).slice(0, 171)}=`;
  return body + tokenChecksum(body);
})();

export const passphrase = 'correct horse battery staple wagon';

export const facts: Facts = {
  connector: 'jira-software',
  url: own('https://acme.atlassian.net'),
  host: own('acme.atlassian.net'),
  port: 443,
  username: own('you@acme.com'),
  deployment: 'cloud',
  tokenKind: 'atlassian-user',
  checksum: 'ok',
  looksLike: null,
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  expiresAt: null,
  now,
  proxy: null,
  trust: [own('Node’s bundled list')],
  addresses: [],
  timeoutSeconds: 30,
  name: null,
  detail: null,
  run: plainRun,
};

export const failureOf = (code: FailureCode, step: StepId = 'dns'): Failure =>
  fail(code, step, facts, [], [own('seen in a test')]);

export function reportOf(failure: Failure | null): Report {
  const at = failure ? stepIds.indexOf(failure.step) : stepIds.length;
  return {
    schemaVersion: 1,
    outcome: failure === null ? 'passed' : failure.step === 'sign-in' ? 'failed' : 'unverified',
    credential: {name: null, connector: 'jira-software', url: facts.url, username: facts.username},
    route: 'site',
    site: {deployment: 'cloud', version: null, title: own('ACME'), cloudId: null},
    account: failure ? null : {displayName: own('You'), id: own('1'), email: own('you@acme.com'), active: true},
    steps: stepIds.map((id, index) => ({
      id,
      status: index < at ? 'passed' : index === at ? 'failed' : 'skipped',
      ms: index <= at ? index * 7 + 3 : 0,
      detail: index < at ? own(`${id} is as it should be`) : index === at ? own('broke here') : own('skipped'),
    })),
    failure,
    warnings: [],
  };
}

export const goodLook: Look = {
  deployment: 'cloud',
  title: own('ACME'),
  version: null,
  reachable: true,
  failure: null,
};

/** What the test of a report would have seen: a refused sign-in, a connection that broke, or an answer. */
function seenFor({failure}: Report): Seen {
  if (failure?.step === 'sign-in') return [answer({purpose: 'sign-in', status: 401, headers: jiraCloud})];
  if (failure?.step === 'connect') return [trouble('ECONNREFUSED')];
  return [answer({status: failure === null ? 200 : 503})];
}

export const examinationOf = (report: Report, change: Partial<Examination> = {}): Examination => ({
  report,
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  toldExpiry: null,
  seen: seenFor(report),
  facts,
  ...change,
});

/** Runs through the eight steps and ends as the report says. */
export async function* examining(report: Report): AsyncGenerator<ExamineEvent, Examination> {
  for (const step of report.steps) {
    yield {type: 'started', id: step.id};
    yield {type: 'finished', step};
  }
  return examinationOf(report);
}

export type Doubles = Readonly<{
  ports: Ports;
  saved: SavedCredential[];
  /** Every draft written, oldest first; null where it was cleared. */
  drafts: (Draft | null)[];
  examined: Target[];
}>;

/** A seal that only the same passphrase opens; enough for what the assistant does with it. */
export const sealed = (content: unknown, key: string): string => JSON.stringify({content, key});

export function doubles(change: Partial<Ports> = {}, contents: readonly SavedCredential[] = []): Doubles {
  const saved: SavedCredential[] = [];
  const drafts: (Draft | null)[] = [];
  const examined: Target[] = [];
  const open: Ports['open'] = async (text, key) => {
    const inside = JSON.parse(text);
    if (inside.key !== key.reveal())
      throw new StoreFault({
        code: 'passphrase-wrong',
        path: '/nowhere/config.json',
        backup: {state: 'absent'},
        of: null,
        state: 'does-not-open',
      });
    return sealedContentSchema.parse(inside.content);
  };
  const ports: Ports = {
    now: () => now,
    check: async () => ({state: 'ok', text: own('As it should be.'), more: []}),
    look: async () => goodLook,
    examine: target => {
      examined.push(target);
      return examining(reportOf(null));
    },
    environment: () => ({proxy: null, certificates: []}),
    certificates: () => ({ok: false, reason: 'holds no certificate', hint: 'This is a test.'}),
    seal: async (content, key) => sealed(content, key.reveal()),
    open,
    unlock: (credential, key) => open(credential.sealed, key),
    unlockDraft: async (draft, key) => (draft.sealed === null ? null : open(draft.sealed, key)),
    generatePassphrase: () => 'amber bridge cactus dagger ember fabric',
    ratePassphrase: async text =>
      text.length >= 12
        ? {ok: true, score: 4, sentence: 'Strong.'}
        : {ok: false, score: 1, sentence: 'Too short: 12 characters or more.'},
    store: {
      read: async () => ({credentials: contents, draft: null}),
      save: async credential => {
        saved.push(credential);
      },
      saveDraft: async draft => {
        drafts.push(draft);
      },
      clearDraft: async () => {
        drafts.push(null);
      },
    },
    failureOf: fault => failureOf(fault.code),
    copy: () => 'sent',
    practise: null,
    mend: null,
    ...change,
  };
  return {ports, saved, drafts, examined};
}

export const start = (change: Partial<Start> = {}): Start => ({
  prefill: {},
  practice: null,
  existing: [],
  hasStore: false,
  draft: null,
  here: {machine: 'web01', runtime: {program: '0.0.0-test', node: 'v20.0.0', system: 'linux x64'}},
  ...change,
});

export const practice = {
  url: 'https://localhost:8443',
  username: 'you@acme.com',
  token: new Secret(token),
  expiresAt: '2027-05-01',
};

export const savedCredential = (name: string): SavedCredential => {
  const content = {
    name,
    description: 'made before',
    connector: 'jira-software' as const,
    url: 'https://acme.atlassian.net',
    username: 'you@acme.com',
    scheme: 'basic' as const,
    route: 'site' as const,
    cloudId: null,
    accountKind: null,
    connection: noConnectionSettings,
    expiresAt: '2027-01-31',
    seq: 3,
    sealedAt: now.toISOString(),
  };
  const sealedText = sealed({v: 2, ...content, token}, passphrase);
  return {...content, lastTest: null, sealed: sealedText};
};
