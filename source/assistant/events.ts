/** Everything that can happen to the assistant: what the user does, and what the world answers. */

import type {Examination, ExamineEvent, Look} from '../diagnosis/examination.ts';
import type {Failure} from '../diagnosis/test-report.ts';
import type {CertificatesRead} from '../domain/ca-certificate.ts';
import type {OnlyHere} from '../domain/connection-choice.ts';
import type {SealedContent} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {CheckId, CheckResult} from '../prerequisites/prerequisites.ts';
import type {Copied, PracticeDefaults, PracticeStore, Rating} from './ports.ts';

/** An opened seal, its token out of sight. */
export type Held = Readonly<Omit<SealedContent, 'token'> & {token: Secret}>;

export type UserEvent =
  | Readonly<{type: 'text'; text: string}>
  | Readonly<{type: 'secret'; secret: Secret}>
  | Readonly<{type: 'choose'; choice: string}>
  /** Enter on a screen that asks nothing. */
  | Readonly<{type: 'next'}>
  | Readonly<{type: 'skip'}>
  | Readonly<{type: 'back'}>
  | Readonly<{type: 'help'}>
  | Readonly<{type: 'close-help'}>
  /** The text on the screen, for the terminal's clipboard. */
  | Readonly<{type: 'copy'}>
  | Readonly<{type: 'interrupt'}>;

export type WorldEvent =
  | Readonly<{type: 'checked'; id: CheckId; result: CheckResult}>
  | Readonly<{type: 'looked'; seq: number; look: Look}>
  /** `found`: the first of the addresses tried at which a Jira answers. */
  | Readonly<{type: 'tried'; seq: number; found: Site | null}>
  | Readonly<{type: 'certificates-read'; seq: number; read: CertificatesRead}>
  | Readonly<{type: 'generated'; passphrase: Secret}>
  | Readonly<{type: 'rated'; seq: number; rating: Rating}>
  | Readonly<{type: 'unlocked'; seq: number; held: Held | null}>
  | Readonly<{type: 'unlock-failed'; seq: number; failure: Failure}>
  | Readonly<{type: 'draft-kept'; sealed: boolean}>
  | Readonly<{type: 'draft-failed'; failure: Failure}>
  | Readonly<{type: 'stepped'; seq: number; event: ExamineEvent}>
  /** `at`: ISO 8601, when it was over. `here`: what variables say about reaching that site; absent: nothing. */
  | Readonly<{type: 'examined'; seq: number; examination: Examination; at: string; here?: OnlyHere}>
  | Readonly<{type: 'saved'; seq: number; name: string}>
  | Readonly<{type: 'save-failed'; seq: number; failure: Failure}>
  | Readonly<{type: 'save-refused'; seq: number; reason: string}>
  | Readonly<{type: 'practising'; seq: number; practice: PracticeDefaults & Partial<PracticeStore>}>
  | Readonly<{type: 'waited'; seq: number}>
  | Readonly<{type: 'copied'; result: Copied}>;

export type Event = UserEvent | WorldEvent;
