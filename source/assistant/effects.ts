/** What a transition asks of the world. `seq` comes back with the answer. */

import type {Target} from '../diagnosis/examination.ts';
import type {ConnectionSettings} from '../domain/connection-settings.ts';
import type {Draft, LastTest, SealedContent} from '../domain/credential.ts';
import type {Secret} from '../domain/secret.ts';
import type {Site} from '../domain/site.ts';
import type {CheckId} from '../prerequisites/prerequisites.ts';
import type {EndingKind} from './state.ts';

/** What is to be sealed; the token is put in at the last moment. */
export type Sealable = Readonly<Omit<SealedContent, 'token' | 'sealedAt'>>;

/** The answers as a draft keeps them in clear. */
export type DraftAnswers = Readonly<Omit<Draft, 'sealed' | 'updatedAt'>>;

export type Effect =
  | Readonly<{type: 'check'; id: CheckId}>
  | Readonly<{type: 'look'; seq: number; site: Site; connection: ConnectionSettings}>
  /** Looks at one address after the other until a Jira answers. */
  | Readonly<{type: 'try-sites'; seq: number; sites: readonly Site[]; connection: ConnectionSettings}>
  /** `given`: the path of a file, or the certificates themselves as text. */
  | Readonly<{type: 'read-certificates'; seq: number; given: string}>
  | Readonly<{type: 'generate-passphrase'}>
  | Readonly<{type: 'rate-passphrase'; seq: number; passphrase: Secret; context: readonly string[]}>
  /** `sealed`: the draft's own seal. Else the credential being edited, else any seal of the store. */
  | Readonly<{type: 'unlock'; seq: number; passphrase: Secret; sealed: string | null}>
  /** `sealed`: a seal to keep as it is beside the answers. */
  | Readonly<{type: 'save-draft'; answers: DraftAnswers; sealed: string | null}>
  | Readonly<{type: 'seal-draft'; answers: DraftAnswers; content: Sealable; token: Secret; passphrase: Secret}>
  | Readonly<{type: 'clear-draft'}>
  | Readonly<{type: 'examine'; seq: number; target: Target}>
  | Readonly<{type: 'cancel'; what: 'test' | 'look'}>
  | Readonly<{
      type: 'save';
      seq: number;
      content: Sealable;
      token: Secret;
      passphrase: Secret;
      outcome: LastTest['outcome'];
      code: string | null;
      /** Name of the saved credential it takes the place of. */
      replaces: string | null;
    }>
  | Readonly<{type: 'practise'; seq: number}>
  | Readonly<{type: 'mend'}>
  /** `until`: ISO 8601. */
  | Readonly<{type: 'wait'; seq: number; until: string}>
  | Readonly<{type: 'copy'; text: string}>
  | Readonly<{type: 'leave'; ending: EndingKind}>;
