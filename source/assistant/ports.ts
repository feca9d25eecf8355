/**
 * What the assistant needs from outside, as one injected object. The shapes are those of the rooms that fulfil them
 * (connection, vault, store), so that a command wires them by name; tests hand in their own.
 */
import type {Examination, ExamineEvent, Look, Target} from '../diagnosis/examination.ts';
import type {Failure} from '../diagnosis/test-report.ts';
import type {CertificatesRead} from '../domain/ca-certificate.ts';
import type {RunSettings} from '../domain/command-line.ts';
import type {GivenConnection, OnlyHere} from '../domain/connection-choice.ts';
import type {ConnectionSettings} from '../domain/connection-settings.ts';
import type {Draft, SavedCredential, SealedContent} from '../domain/credential.ts';
import type {StoreFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {CheckId, CheckResult} from '../prerequisites/prerequisites.ts';

/** `sent`: the terminal was asked. */
export type Copied = 'sent' | 'too-long' | 'no-terminal';

export type Rating = Readonly<{ok: boolean; score: 0 | 1 | 2 | 3 | 4; sentence: string}>;

/** A running practice Jira as the assistant sees it: the defaults its fields offer. */
export type PracticeDefaults = Readonly<{
  url: string;
  username: string;
  token: Secret;
  expiresAt: string | null;
  /** What printed commands repeat to find the practice's store and its Jira. */
  run?: RunSettings;
  /** Goes on with what the practice's store keeps; null where that is gone with the practice. */
  again?: string | null;
  /** How its Jira is reached. */
  given?: GivenConnection;
}>;

/** The store that is written from now on, where practice has one of its own. */
export type PracticeStore = Readonly<{existing: readonly Readonly<{name: string}>[]; hasStore: boolean}>;

/** The part of the store the assistant writes and reads. Every method may throw a StoreFault. */
export type StorePort = Readonly<{
  read: () => Promise<Readonly<{credentials: readonly SavedCredential[]; draft: Draft | null}>>;
  save: (credential: SavedCredential, options?: {replace?: boolean; renamedFrom?: string}) => Promise<void>;
  saveDraft: (draft: Draft) => Promise<void>;
  clearDraft: () => Promise<void>;
}>;

export type Ports = Readonly<{
  now: () => Date;
  /** One prerequisite's check; `makeChecks` of the prerequisites room makes this from a machine's facts. */
  check: (id: CheckId) => Promise<CheckResult>;
  look: (site: Site, signal: AbortSignal, connection: ConnectionSettings) => Promise<Look>;
  /** Aborting the signal makes it throw; any other error it throws is a bug. */
  examine: (target: Target, signal: AbortSignal) => AsyncGenerator<ExamineEvent, Examination>;
  /** What this machine's variables say about reaching a site. */
  environment: (site: Site) => OnlyHere;
  /** Certificates from a file's path, or from a text that holds them. */
  certificates: (given: string) => CertificatesRead;
  /** Throws StoreFault (memory-too-small). */
  seal: (content: SealedContent, passphrase: Secret) => Promise<string>;
  /** Throws StoreFault (passphrase-wrong, store-damaged, memory-too-small). */
  open: (sealed: string, passphrase: Secret) => Promise<SealedContent>;
  /** `open` and the comparison with the clear copies: also throws StoreFault (store-changed). */
  unlock: (saved: SavedCredential, passphrase: Secret) => Promise<SealedContent>;
  /** The same for a draft; null when it has no token yet. */
  unlockDraft: (draft: Draft, passphrase: Secret) => Promise<SealedContent | null>;
  generatePassphrase: () => string;
  ratePassphrase: (text: string, context: string[]) => Promise<Rating>;
  store: StorePort;
  /** A store's fault as a failure with its checklist. */
  failureOf: (fault: StoreFault) => Failure;
  /** Starts the practice Jira when it is chosen as connector; null where the command does not offer it. */
  practise: (() => Promise<PracticeDefaults & Partial<PracticeStore>>) | null;
  /** Asks the terminal to put a text on its clipboard; nobody can know whether it does. */
  copy: (text: string) => Copied;
  /** Makes the practice Jira play healthy; null where there is no fault to mend. */
  mend: (() => void) | null;
}>;
