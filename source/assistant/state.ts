/**
 * The assistant as plain data: which screen, which answers, what is under way. Secrets stand in it only as `Secret`, so
 * that a state may be logged or compared without harm.
 */

import type {Admin} from '../diagnosis/admins.ts';
import type {FailureCode} from '../diagnosis/codes.ts';
import type {Examination, Look} from '../diagnosis/examination.ts';
import type {Runtime} from '../diagnosis/past-test.ts';
import type {Failure} from '../diagnosis/test-report.ts';
import type {CaCertificate} from '../domain/ca-certificate.ts';
import {plainRun, type RunSettings} from '../domain/command-line.ts';
import {type GivenConnection, nothingGiven, type OnlyHere} from '../domain/connection-choice.ts';
import {type ConnectionSettings, noConnectionSettings} from '../domain/connection-settings.ts';
import type {AccountKind, Connector, Deployment, Draft, Route, SavedCredential, Scheme} from '../domain/credential.ts';
import type {FieldId} from '../domain/field.ts';
import type {ProxySettings} from '../domain/proxy-address.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {Step, StepId} from '../domain/step.ts';
import type {TokenKind} from '../domain/token-shape.ts';
import type {CheckId, CheckResult} from '../prerequisites/prerequisites.ts';
import type {PracticeDefaults} from './ports.ts';

/** What can be changed later on: the fields and the connector. */
export type Question = FieldId | 'connector';

/** A setting of the connection, as it is asked; a login of a proxy takes two more questions. */
export const settingIds = ['proxy', 'proxy-username', 'proxy-password', 'ca', 'address', 'timeout'] as const;
export type SettingId = (typeof settingIds)[number];

/** Where the walk may be heading. */
export type Goal = FieldId | 'test';

export type Screen =
  | Readonly<{at: 'resume'}>
  /** Starting anew would destroy the draft's sealed token, which cannot be made again. */
  | Readonly<{at: 'discard-draft'}>
  | Readonly<{at: 'connector'}>
  /** `next`: the walk was stopped here because its check failed, and goes on there. */
  | Readonly<{at: 'prerequisite'; index: number; next: Goal | null}>
  | Readonly<{at: 'field'; field: FieldId}>
  | Readonly<{at: 'confirm'}>
  /** `next`: what comes after it. */
  /** `next`: the walk stopped at the site and goes on there; null: home decides. */
  | Readonly<{at: 'setting'; setting: SettingId; next: Goal | null}>
  /** Certificates were read and are shown before they are trusted. */
  | Readonly<{at: 'trust'; certificates: readonly CaCertificate[]; next: Goal | null}>
  | Readonly<{at: 'site-wait'; next: Goal}>
  | Readonly<{at: 'site-wrong'; next: Goal}>
  | Readonly<{at: 'token-doubt'}>
  | Readonly<{at: 'test'}>
  | Readonly<{at: 'checklist'}>
  | Readonly<{at: 'message'; admin: Admin}>
  | Readonly<{at: 'questions'}>
  | Readonly<{at: 'done'}>
  | Readonly<{at: 'ended'; ending: EndingKind}>;

/** `left`: by choice or because nothing more could be done; `interrupted`: by Ctrl-C. */
export type EndingKind = 'saved' | 'left' | 'interrupted';

/** The token as accepted, with what the offline check said about it. */
export type TokenAnswer = Readonly<{token: Secret; kind: TokenKind; verdict: string; removed: readonly string[]}>;

/** null: not answered yet. */
export type Answers = Readonly<{
  connector: Connector | null;
  name: string | null;
  description: string | null;
  site: Site | null;
  username: string | null;
  passphrase: Secret | null;
  token: TokenAnswer | null;
  /** Answered at all; `expiresAt` null then means that nobody knows. */
  expiresAsked: boolean;
  expiresAt: string | null;
  /** How the credential is used, as far as known: from the store, or learnt by a test. */
  scheme: Scheme | null;
  route: Route;
  cloudId: string | null;
  accountKind: AccountKind | null;
  /** How the site is reached, where the machine's own way is not enough. */
  connection: ConnectionSettings;
}>;

export type StepState = Step | 'waiting' | 'running';
export type Trial = Readonly<{
  seq: number;
  status: 'running' | 'stopped' | 'passed' | 'failed';
  steps: Readonly<Record<StepId, StepState>>;
  result: Examination | null;
  /** ISO 8601, when the result came; null before. */
  endedAt: string | null;
}>;

type Trouble = Readonly<{failure: Failure; about: 'test' | 'unlock' | 'save'}>;

/** Addresses that may be what was meant, looked at before one is offered: the first at which a Jira answers. */
export type Tried = Readonly<{seq: number; found: Site | null}>;

/** The test runs again and again until it passes, or until another try would do harm. */
export type Watch = Readonly<{
  /** Tests so far, the one before watching began included. */
  tries: number;
  /** ISO 8601, when the first of them was over. */
  since: string;
  /** When the next test begins; null while one runs. */
  next: string | null;
  /** The latest that was over: what is shown again when watching is stopped. */
  latest: Readonly<{trial: Trial; trouble: Trouble}>;
}>;

/** What is under way and may still answer; an answer with another number is of an older question and is ignored. */
export type Pending = Readonly<{
  seq: number;
  what: 'rating' | 'unlocking' | 'saving' | 'starting practice' | 'waiting' | 'reading certificates';
}>;

export type Prefill = Readonly<
  Partial<Record<'connector' | 'name' | 'description' | 'url' | 'username' | 'expires', string>>
>;

export type Start = Readonly<{
  prefill: Prefill;
  /** Inside the practice Jira: the defaults its fields offer. */
  practice: PracticeDefaults | null;
  existing: readonly Readonly<{name: string}>[];
  /** There is a seal in the store, so its passphrase is asked instead of a new one. */
  hasStore: boolean;
  draft: Draft | null;
  /** The draft is that of another assistant, which is running: this one leaves it alone. `pid`: its process, where known. */
  draftOf?: Readonly<{pid: number | null}> | null;
  /** What a message to an admin says of this machine and this program. */
  here: Readonly<{
    machine: string;
    runtime: Runtime;
    /** What printed commands repeat of this run; absent: nothing. */
    run?: RunSettings;
  }>;
  /** The saved credential to change; nothing of it is changed before it is saved. */
  edit?: SavedCredential;
  /** That credential is tested at once; what it needs is asked after the test has shown it. */
  fix?: boolean;
  /** What the options of this run say about the connection: answers like all others. Absent: nothing. */
  given?: GivenConnection;
}>;

export type State = Readonly<{
  start: Start;
  /** ISO 8601, when the assistant began: dates are judged by it. */
  now: string;
  offersPractice: boolean;
  mendable: boolean;
  screen: Screen;
  help: boolean;
  answers: Answers;
  /** Where an accepted answer leads: on with the walk, straight to the test, or back to the list of questions. */
  home: 'walk' | 'test' | 'questions';
  /** What is wrong with the last answer given on this screen. */
  error: string | null;
  /** What was done to the last accepted answer, shown on the next screen. */
  notices: readonly string[];
  /** Counts every question to the world. */
  seq: number;
  pending: Pending | null;
  prerequisiteIndex: number;
  checks: Readonly<Partial<Record<CheckId, CheckResult>>>;
  look: Readonly<{seq: number; result: Look | null}> | null;
  /** The address looks like an imitation of another one. */
  lookalike: string | null;
  /** The user was told that the site is surely or probably wrong and goes on with it. */
  siteAccepted: boolean;
  /** The user does not wait for what the look finds. */
  lookWaived: boolean;
  generated: Secret | null;
  /** A rated passphrase that still has to be confirmed. */
  candidate: Secret | null;
  tried: Tried | null;
  /** What a remedy puts into a field before it is shown. */
  proposed: Readonly<{field: FieldId; value: string}> | null;
  /** A proxy whose login is being asked. */
  proxyBegun: ProxySettings | null;
  /** Actions of the checklist that the user has ticked, by their place. */
  ticked: readonly number[];
  /** Wrong passphrases so far. */
  tries: number;
  /** A token that looks damaged, until the user decides. */
  doubted: TokenAnswer | null;
  /** Another credential's draft lies in the store and must survive this run, which keeps none of its own. */
  sparesDraft: boolean;
  /** The draft's sealed token, until it is opened or given up. */
  sealedDraft: string | null;
  /** The token lies sealed in the draft. */
  draftKept: boolean;
  draftTrouble: string | null;
  trial: Trial | null;
  /** What the checklist on the screen is about: a failed test, or a store that could not be used. */
  trouble: Trouble | null;
  watch: Watch | null;
  /** The unbroken row of tests that ended in the same failure. */
  row: Readonly<{code: FailureCode; since: string; tries: number}> | null;
  /** A token that a test has shown to be wrong. */
  rejected: Secret | null;
  /** Whose message was looked at: it is printed at the end. */
  opened: readonly Admin[];
  savedAs: string | null;
  /** How the site was reached by variables of this shell alone: what can still be kept with the credential. */
  onlyHere: OnlyHere | null;
  /** Ctrl-C came while the credential was being saved: it ends when that is done. */
  leaving: boolean;
}>;

export const triesAllowed = 5;

const noAnswers: Answers = {
  connector: null,
  name: null,
  description: null,
  site: null,
  username: null,
  passphrase: null,
  token: null,
  expiresAsked: false,
  expiresAt: null,
  scheme: null,
  route: 'site',
  cloudId: null,
  accountKind: null,
  connection: noConnectionSettings,
};

/** The state before the first event. `begin` of transition.ts makes it from a start and says what to do first. */
export function emptyState(start: Start, options: {now: Date; offersPractice: boolean; mendable: boolean}): State {
  return {
    start,
    now: options.now.toISOString(),
    offersPractice: options.offersPractice,
    mendable: options.mendable,
    screen: {at: 'connector'},
    help: false,
    answers: noAnswers,
    home: 'walk',
    error: null,
    notices: [],
    seq: 0,
    pending: null,
    prerequisiteIndex: 0,
    checks: {},
    look: null,
    lookalike: null,
    siteAccepted: false,
    lookWaived: false,
    generated: null,
    candidate: null,
    tried: null,
    proposed: null,
    proxyBegun: null,
    ticked: [],
    tries: 0,
    doubted: null,
    sparesDraft: false,
    sealedDraft: null,
    draftKept: false,
    draftTrouble: null,
    trial: null,
    trouble: null,
    watch: null,
    row: null,
    rejected: null,
    opened: [],
    savedAs: null,
    onlyHere: null,
    leaving: false,
  };
}

/** What the options of the run say about the connection. */
export const givenOf = ({start}: State): GivenConnection => start.given ?? nothingGiven;

/** What the commands repeat that are shown now. */
export const runOf = ({start}: State): RunSettings => start.practice?.run ?? start.here.run ?? plainRun;

/** Cloud or Data Center where that is certain; Atlassian's own domain is Cloud without asking. */
export function deploymentOf(state: State): Deployment | null {
  if (state.answers.site?.atlassianHosted) return 'cloud';
  return state.look?.result?.deployment ?? null;
}

/** This run keeps its answers in the store's draft; what is changed of a saved credential, too, until it is saved. */
export const keepsDraft = (state: State): boolean => !state.sparesDraft;

/** The passphrase opens seals that exist already, so it is asked once instead of made. */
export const unlocks = (state: State): boolean =>
  state.start.hasStore || state.start.edit !== undefined || state.sealedDraft !== null;

/**
 * The generated passphrase stands on the screen: until it was taken, and again for who goes back, as long as no token is
 * sealed under it. Nobody can recover it later.
 */
export const offersPassphrase = ({answers, generated, ...state}: State): boolean =>
  generated !== null &&
  !unlocks({answers, generated, ...state}) &&
  answers.token === null &&
  (answers.passphrase === null || answers.passphrase.reveal() === generated.reveal());
