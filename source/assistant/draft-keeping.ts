/** What of the answers is kept: as a draft while they are given, sealed once the token is there. */

import type {Target} from '../diagnosis/examination.ts';
import {withoutProxyLogin} from '../domain/connection-settings.ts';
import {isServiceAccount} from '../domain/service-account.ts';
import type {DraftAnswers, Effect, Sealable} from './effects.ts';
import {deploymentOf, keepsDraft, type State} from './state.ts';

const inClear = ({answers, start}: State): DraftAnswers => ({
  connector: answers.connector,
  name: answers.name ?? '',
  description: answers.description ?? '',
  url: answers.site?.url ?? '',
  username: answers.username ?? '',
  connection: withoutProxyLogin(answers.connection),
  expiresAt: answers.expiresAt,
  ...(start.edit === undefined ? {} : {edits: start.edit.name}),
});

/** Data Center's personal access tokens are bearer tokens; with Basic they only count as failed sign-ins. */
const schemeOf = (state: State): Target['scheme'] =>
  state.answers.scheme ??
  (state.answers.token?.kind === 'data-center-pat' && deploymentOf(state) === 'data-center' ? 'bearer' : 'basic');

/** As sealed before, unless the token or the username is that of a service account. */
const accountKindOf = ({answers}: State): Sealable['accountKind'] =>
  isServiceAccount(answers.token?.kind ?? 'unknown', answers.username ?? '') ? 'service' : answers.accountKind;

/** What is sealed: everything requests are built from. */
export const sealable = (state: State): Sealable => ({
  v: 2,
  name: state.answers.name ?? '',
  description: state.answers.description ?? '',
  connector: state.answers.connector ?? 'jira-software',
  url: state.answers.site?.url ?? '',
  username: state.answers.username ?? '',
  scheme: schemeOf(state),
  route: state.answers.route,
  cloudId: state.answers.cloudId,
  accountKind: accountKindOf(state),
  connection: state.answers.connection,
  expiresAt: state.answers.expiresAt,
  // A second save within one run is the next one.
  seq: (state.start.edit?.seq ?? 0) + (state.savedAs === null ? 1 : 2),
});

/** Keeps the answers given so far, where this run has a draft. */
export function keepDraft(state: State): readonly Effect[] {
  if (!keepsDraft(state)) return [];
  // A draft whose token is still sealed stays as it lies: what is sealed decides, and answers beside it must be its own.
  if (state.sealedDraft !== null) return [];
  const {token, passphrase} = state.answers;
  const answers = inClear(state);
  if (token === null || passphrase === null) return [{type: 'save-draft', answers, sealed: null}];
  return [{type: 'seal-draft', answers, content: sealable(state), token: token.token, passphrase}];
}

/** What the connection test is run on; null while an answer is missing. */
export function targetOf(state: State): Target | null {
  const {connector, site, username, token, name, expiresAt, route, cloudId, connection} = state.answers;
  if (connector === null || site === null || username === null || token === null) return null;
  return {
    connector,
    name,
    site,
    username,
    token: token.token,
    scheme: schemeOf(state),
    route,
    cloudId,
    expiresAt,
    tokenKind: token.kind,
    connection,
    ...(state.start.edit?.name === name ? {saved: true} : {}),
  };
}
