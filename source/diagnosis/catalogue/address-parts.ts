/** What the rows about the address share: where a redirect leads, and the actions they all suggest. */
import {type Clean, clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import type {Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, isSignIn, knownAsJira} from '../evidence-reading.ts';
import {type Redirect, readRedirect} from '../redirect.ts';
import {curl, edit, endpoint, jiraAdmin, say, you} from './actions.ts';
import {page} from './checklist-pages.ts';

export const site = {
  steps: ['site'],
  exit: exit.site,
  kind: 'failure',
  certainty: 'proven',
  refusal: false,
  bearerMayCure: false,
} as const;

export const redirectIn = (seen: Seen, facts: Facts): Redirect | null => {
  const answer = answerIn(seen);
  const redirect = answer === null ? null : readRedirect(answer, facts.url);
  if (answer === null || redirect?.kind !== 'moved' || !isSignIn(answer)) return redirect;
  // Where Jira was a moment ago, a request with a credential that is sent to another page of the same host is sent to
  // what has to be done first: a second factor, terms of use. A Jira that moved keeps the path that was asked for.
  const asked = new URL(answer.url);
  const to = new URL(redirect.target);
  const goesOn = /\/(?:rest\/api\/2\/myself|startup\.jsp|secure\/errors\.jsp|maintenance\S*)$/.test(to.pathname);
  const isGate = to.host === asked.host && !goesOn && knownAsJira(answer, seen);
  return isGate ? {kind: 'login', target: redirect.target} : redirect;
};

export const redirectLines = (seen: Seen, facts: Facts, kind: Redirect['kind']): readonly Clean[] | null => {
  const answer = answerIn(seen);
  const redirect = redirectIn(seen, facts);
  if (answer === null || redirect?.kind !== kind) return null;
  return [...answerLines(answer), clean(`It leads to ${shownUrl(redirect.target)}; nothing was sent there`)];
};

/** An address for a sentence: without its query, which may carry session values. */
export const shownUrl = (url: string): string => say(url.replace(/[?#].*$/, ''), 160);

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export const origin = (facts: Facts): string => (URL.canParse(facts.url) ? new URL(facts.url).origin : facts.url);

export const pathOf = (facts: Facts): string =>
  URL.canParse(facts.url) ? new URL(facts.url).pathname.replace(/\/$/, '') : '';

export const askBase = (facts: Facts) =>
  jiraAdmin(
    'Ask for the Base URL of this Jira',
    'Administration → System → General configuration',
    'Please tell us the Base URL of this Jira.',
    {
      url: page(facts, '/secure/admin/ViewApplicationProperties.jspa'),
    },
  );

export const compareBrowser = (facts: Facts) =>
  you('Open Jira in a browser and copy the address of any page', 'pasted as it is; what does not belong is taken off', {
    command: edit(facts),
    remedy: 'field:url',
  });

export const seeAnswer = (facts: Facts, why: string) =>
  you('See what answers, without a credential', why, {command: curl(endpoint(facts))});

export const onGuestNetwork = you(
  'On a guest or hotel network, log in to the network first',
  'a captive portal answers for every site until then',
);
