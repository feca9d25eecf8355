/** What becomes of a typed answer: checked, tidied, and either kept or asked again with the reason. */
import {labels} from '../domain/credential.ts';
import {checkExpiry} from '../domain/expiry.ts';
import type {FieldId} from '../domain/field.ts';
import {findToken} from '../domain/find-token.ts';
import {checkDescription, checkName, sameName} from '../domain/name.ts';
import {Secret} from '../domain/secret.ts';
import {parseSite} from '../domain/site.ts';
import {lintToken, looksLikeToken} from '../domain/token.ts';
import {checkUsername} from '../domain/username.ts';
import {keepDraft} from './draft-keeping.ts';
import {and, ask, type Move, refuse, show, stay} from './move.ts';
import {onward, takenNames} from './navigation.ts';
import {type Answers, deploymentOf, offersPassphrase, type State, type TokenAnswer, unlocks} from './state.ts';
import {trySites} from './trying-addresses.ts';

/** What Enter on the empty field takes; null where there is nothing to take. Never a secret. */
export function defaultOf(state: State, field: FieldId): string | null {
  if (field === 'url' && suggestedUrl(state) !== null) return suggestedUrl(state);
  const {practice} = state.start;
  if (practice === null) return null;
  if (field === 'name') return practiceName(state);
  if (field === 'url') return practice.url;
  if (field === 'username') return practice.username;
  return field === 'expires' ? practice.expiresAt : null;
}

/** An address at which a Jira answers, after one was refused that may have meant it. */
export const suggestedUrl = ({tried, error}: State): string | null =>
  error === null ? null : (tried?.found?.url ?? null);

/** A practice asks for no ideas: its name is there, numbered where a kept store has it already. */
function practiceName({start}: State): string {
  const free = (name: string): boolean => !start.existing.some(other => sameName(other.name, name));
  let name = 'practice';
  for (let count = 2; !free(name); count += 1) name = `practice-${count}`;
  return name;
}

/** What stands in the field when it appears: the answer given before, or what the command line brought. */
export function initialOf(state: State, field: FieldId): string {
  const {answers, proposed} = state;
  if (proposed?.field === field) return proposed.value;
  const {prefill} = state.start;
  switch (field) {
    case 'name':
      return answers.name ?? prefill.name ?? '';
    case 'description':
      return answers.description ?? prefill.description ?? '';
    case 'url':
      return answers.site?.url ?? prefill.url ?? '';
    case 'username':
      return answers.username ?? prefill.username ?? '';
    case 'expires':
      return answers.expiresAsked ? (answers.expiresAt ?? '') : (prefill.expires ?? '');
    default:
      return '';
  }
}

/** A field in clear was answered. */
export function acceptText(state: State, field: FieldId, text: string): Move {
  // These answers are shown and stored in clear, so a token that was pasted one field too early must not stay here.
  if (text.split(/\s/).some(looksLikeToken)) {
    return refuse(
      state,
      `That looks like an API token. This field is not secret; it belongs in ${labels.token}, later.`,
    );
  }
  switch (field) {
    case 'name':
      return acceptName(state, text);
    case 'description':
      return acceptDescription(state, text);
    case 'url':
      return acceptUrl(state, text);
    case 'username':
      return acceptUsername(state, text);
    case 'expires':
      return acceptExpiry(state, text);
    default:
      return stay(state);
  }
}

const withAnswers = (state: State, answers: Partial<Answers>): State => ({
  ...state,
  answers: {...state.answers, ...answers},
});

/** How a credential is used was learnt with the old site or token; with a new one it is not known. */
const unlearnt = {scheme: null, route: 'site', cloudId: null} as const;

function acceptName(state: State, text: string): Move {
  const given = text.trim() === '' ? (defaultOf(state, 'name') ?? '') : text;
  const checked = checkName(given, takenNames(state));
  return checked.ok ? onward(withAnswers(state, {name: checked.name}), 'name') : refuse(state, checked.reason);
}

function acceptDescription(state: State, text: string): Move {
  const checked = checkDescription(text);
  if (!checked.ok) return refuse(state, checked.reason);
  return onward(withAnswers(state, {description: checked.description}), 'description');
}

function acceptUrl(state: State, text: string): Move {
  const given = text.trim() === '' ? (defaultOf(state, 'url') ?? '') : text;
  if (given === '') return refuse(state, 'The address of your Jira is needed, for example https://acme.atlassian.net');
  const parsed = parseSite(given);
  if (!parsed.ok) {
    const meant = parsed.suggestion === null ? [] : [parsed.suggestion];
    const [asked, effects] = trySites(state, meant);
    return and(refuse(asked, parsed.problem.reason), effects);
  }
  const notices = parsed.changes.length > 0 ? [`URL: ${parsed.changes.join(', ')}`, parsed.site.url] : [];
  // A look that failed is worth another one: what broke may work by now.
  const seen = state.look !== null && !state.look.result?.failure;
  if (parsed.site.url === state.answers.site?.url && seen) return onward(state, 'url', notices);
  return lookAt(withAnswers(state, {site: parsed.site, ...unlearnt}), parsed.warnings[0]?.title ?? null, next =>
    onward(next, 'url', notices),
  );
}

/** Sends the unauthenticated look at the answered site on its way, then goes on. */
export function lookAt(state: State, lookalike: string | null, then: (state: State) => Move): Move {
  const {site} = state.answers;
  if (site === null) return then(state);
  const seq = state.seq + 1;
  const before = state.look?.result === null ? [{type: 'cancel', what: 'look'} as const] : [];
  const looking: State = {...state, seq, look: {seq, result: null}, lookalike, siteAccepted: false, lookWaived: false};
  return and(then(looking), [...before, {type: 'look', seq, site, connection: state.answers.connection}]);
}

function acceptUsername(state: State, text: string): Move {
  const given = text.trim() === '' ? (defaultOf(state, 'username') ?? '') : text;
  const checked = checkUsername(given, deploymentOf(state));
  if (!checked.ok) return refuse(state, checked.reason);
  const changes = checked.changes.length > 0 ? [`Username: ${checked.changes.join(', ')}`] : [];
  const notices = checked.warning === null ? changes : [...changes, checked.warning];
  return onward(withAnswers(state, {username: checked.username}), 'username', notices);
}

function acceptExpiry(state: State, text: string): Move {
  const offered = text.trim() === '' ? defaultOf(state, 'expires') : null;
  // The practice Jira may offer a day that is past: that is the fault to be rehearsed, and no mistake of the user's.
  const checked =
    offered === null ? checkExpiry(text, new Date(state.now)) : ({ok: true, expiresAt: offered, note: null} as const);
  if (!checked.ok) return refuse(state, checked.reason);
  const notices = checked.note === null ? [] : [checked.note];
  return onward(withAnswers(state, {expiresAsked: true, expiresAt: checked.expiresAt}), 'expires', notices);
}

/** A masked field was answered. */
export function acceptSecret(state: State, field: FieldId, secret: Secret): Move {
  if (field === 'passphrase') return acceptPassphrase(state, secret);
  return field === 'token' ? acceptToken(state, secret) : stay(state);
}

function acceptPassphrase(state: State, secret: Secret): Move {
  const typed = normal(secret);
  if (typed.length === 0) return emptyPassphrase(state);
  if (offersPassphrase(state) && proves(typed, state.generated)) return takeGenerated(state);
  if (unlocks(state)) {
    return ask({...state, candidate: typed}, 'unlocking', seq => ({
      type: 'unlock',
      seq,
      passphrase: typed,
      sealed: state.sealedDraft,
    }));
  }
  const {site, username, name} = state.answers;
  const context = [site?.host, username, name].flatMap(item => item || []);
  return ask({...state, candidate: typed}, 'rating', seq => ({
    type: 'rate-passphrase',
    seq,
    passphrase: typed,
    context,
  }));
}

/** One line end that came with a paste goes; nothing else of a passphrase is touched but its Unicode form. */
const normal = (secret: Secret): Secret =>
  new Secret(
    secret
      .reveal()
      .replace(/\r?\n$/, '')
      .normalize('NFC'),
  );

function emptyPassphrase(state: State): Move {
  if (state.answers.passphrase) return onward(state, 'passphrase');
  if (unlocks(state))
    return refuse(state, 'Type the passphrase of this store. It was chosen with its first credential.');
  if (state.generated === null) return refuse(state, 'One moment: a passphrase is being made.');
  // An Enter too many must not seal the token under words that nobody has read.
  if (state.start.practice === null) return refuse(state, 'Save it first, then type its last word or paste it whole.');
  return takeGenerated(state);
}

const takeGenerated = (state: State): Move => onward(withAnswers(state, {passphrase: state.generated}), 'passphrase');

/** Who has the passphrase knows how it ends. */
function proves(typed: Secret, generated: Secret | null): boolean {
  const given = typed.reveal().trim();
  const whole = generated?.reveal() ?? '';
  return given === whole || given === whole.split(/[\s-]+/).at(-1);
}

/** The second typing of a new passphrase. */
export function acceptConfirmation(state: State, secret: Secret): Move {
  if (state.candidate === null || normal(secret).reveal() !== state.candidate.reveal()) {
    return refuse(state, 'The two do not match. Type it again, or go back and choose another.');
  }
  return onward({...withAnswers(state, {passphrase: state.candidate}), candidate: null}, 'passphrase');
}

/** Enter on the empty field takes the practice Jira's own token: none is kept, or the one kept was refused and is another. */
export function offersPracticeToken({answers, start, rejected}: State): boolean {
  if (start.practice === null) return false;
  const kept = answers.token?.token.reveal();
  return kept === undefined || (kept === rejected?.reveal() && kept !== start.practice.token.reveal());
}

function acceptToken(state: State, secret: Secret): Move {
  const {answers, start} = state;
  if (secret.reveal().trim() === '') {
    if (answers.token && !offersPracticeToken(state)) return onward(state, 'token', [answers.token.verdict]);
    if (start.practice === null) return refuse(state, 'Paste the API token. Nothing of it will be shown.');
    return acceptToken(state, start.practice.token);
  }
  // Before the token's own rules: a passphrase with an accent in it would be called a damaged token.
  if (answers.passphrase?.reveal() === normal(secret).reveal().trim()) {
    return refuse(state, 'That is the passphrase. Paste the API token here.');
  }
  const tidied = findToken(secret.reveal());
  if (tidied.kind === 'unusable') return refuse(state, tidied.sentence);
  const lint = lintToken(tidied.token, deploymentOf(state));
  if (lint.problem?.code === 'token-wrong-kind') return refuse(state, lint.problem.reason);
  const answer: TokenAnswer = {
    token: new Secret(tidied.token),
    kind: lint.kind,
    verdict: lint.verdict,
    removed: tidied.removed,
  };
  const doubt = lint.problem ?? lint.doubt;
  if (doubt) {
    return stay({
      ...show(state, {at: 'token-doubt'}, [doubt.reason, ...said(answer).slice(1)]),
      doubted: answer,
    });
  }
  return takeToken(state, answer, anotherUser(state, tidied.username));
}

/** The offline verdict and what was taken off, for the next screen. */
const said = (answer: TokenAnswer): readonly string[] => [
  `${labels.token}: ${answer.verdict}`,
  ...(answer.removed.length > 0 ? [`Taken off: ${answer.removed.join(', ')}`] : []),
];

function anotherUser(state: State, username: string | null): readonly string[] {
  if (username === null || username.toLowerCase() === state.answers.username?.toLowerCase()) return [];
  const checked = checkUsername(username, null);
  return checked.ok
    ? [`It came with another user name: ${checked.username}. ${labels.username} was left as it is.`]
    : [];
}

/** The token is accepted; from here on it is sealed in the draft. */
export function takeToken(state: State, answer: TokenAnswer, notices: readonly string[] = []): Move {
  const same = state.answers.token?.token.reveal() === answer.token.reveal();
  const taken = withAnswers(state, {
    token: answer,
    ...(same ? {} : {...unlearnt, expiresAsked: false, expiresAt: null}),
  });
  const next: State = {...taken, doubted: null, draftKept: same && state.draftKept};
  const words = [...said(answer), ...notices];
  // A new token has another expiry date: that is asked also when only the token was to be changed.
  return same ? onward(next, 'token', words) : [show(next, {at: 'field', field: 'expires'}, words), keepDraft(next)];
}
