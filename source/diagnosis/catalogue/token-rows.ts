/** What is found about the username and the token before any request, by their form alone. */
import {clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import type {Facts} from '../evidence.ts';
import {isDataCenter} from '../evidence-reading.ts';
import type {Action} from '../test-report.ts';
import {accountAdmin, edit, jiraAdmin, newToken, rotate, you} from './actions.ts';
import {adminPage, listedTokens, patPage, tokensPage} from './checklist-pages.ts';
import {reasonIn, withReason} from './detail.ts';
import {type Cause, mostLikelyFirst} from './likelihood.ts';
import {type Rows, upToSix} from './row.ts';

/** Nothing was sent, so no other way of signing in is at hand. */
const token = {
  steps: ['sign-in'],
  exit: exit.rejected,
  certainty: 'proven',
  refusal: false,
  stopsAtUrl: false,
  bearerMayCure: false,
} as const;

/** The token that this Jira takes. */
const instead = (facts: Facts): Action =>
  // Before the site was asked nobody knows which of the two it is.
  facts.deployment === null && !isAtlassianHost(facts.host)
    ? you(
        'Create a token of the kind this Jira takes, and paste that',
        'Jira Cloud: an API token (ATATT3…), at the page below; Data Center: your profile → Personal access tokens',
        {command: rotate(facts), remedy: 'field:token', url: tokensPage(facts)},
      )
    : isDataCenter(facts)
      ? you('Create a personal access token and paste that', 'your profile in Jira → Personal access tokens', {
          command: rotate(facts),
          remedy: 'field:token',
          url: patPage(facts),
        })
      : you('Create an API token and paste that', 'it begins with ATATT3', {
          command: rotate(facts),
          remedy: 'field:token',
          url: tokensPage(facts),
        });

const pasteOther = (facts: Facts, action: string, why: string) =>
  you(action, why, {command: edit(facts), remedy: 'field:token'});

type Kind = Readonly<{title: string; advice: (facts: Facts) => readonly Action[]}>;

/** Kinds of token that are recognised and not taken, each with what is particular to it. */
const kinds: Readonly<Partial<Record<Facts['tokenKind'], Kind>>> = {
  'organisation-admin-key': {
    title: 'This is an organization’s admin key or a Bitbucket access token (ATCTT…), and Jira accepts neither',
    advice: facts => [
      you(
        'If it is an admin key, keep it out of scripts; if others may have seen it, have it revoked',
        'it may manage the whole organization',
        {url: adminPage(facts)},
      ),
    ],
  },
  bitbucket: {
    title: 'This is a Bitbucket token, which Jira does not accept',
    advice: facts => [
      pasteOther(facts, 'Choose the app Jira when you create the token', 'a token is made for one app'),
    ],
  },
  trello: {
    title: 'This is a Trello key or token, which Jira does not accept',
    advice: facts => [
      pasteOther(facts, 'Create the token in your Atlassian account, not in Trello', 'Trello has tokens of its own'),
    ],
  },
  'oauth-client-secret': {
    title: 'This is the client secret of an OAuth app, which Jira itself does not accept',
    advice: () => [
      you(
        'Leave client ID and secret to the program that can exchange them for access tokens',
        'each of those works at the gateway for about an hour, so none is worth saving',
      ),
    ],
  },
  jwt: {
    title: 'This is an OAuth access token (eyJ…): it works at the gateway as Bearer, for about an hour',
    advice: () => [
      you(
        'If your program knows OAuth, give it the client ID and secret this was made from',
        'it then fetches a new access token by itself whenever one ends',
      ),
    ],
  },
  'other-app': {
    title: 'This is a token of another product, which Jira does not accept',
    advice: facts => [
      pasteOther(facts, 'See which secret you meant to paste', 'another company’s token has the form of this one'),
    ],
  },
  'data-center-pat': {
    title: 'This is a personal access token of Jira Data Center, and this site is Jira Cloud',
    advice: facts => [
      you('If it is the token of a Data Center, enter that Jira’s address', 'this address is Jira Cloud', {
        command: edit(facts),
        remedy: 'field:url',
      }),
    ],
  },
};

/** The form of a token may be spoken of, the token never. */
const judgedToken = (facts: Facts): readonly string[] => [
  reasonIn(facts) ?? `Judged by its form: ${kinds[facts.tokenKind]?.title ?? 'no kind of token Jira takes'}`,
  'It was judged on this machine by its form alone; nothing was sent',
];

export const typed = {
  'username-not-email': {
    ...token,
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:username', 'field:url'],
    kind: 'either',
    title: facts =>
      facts.username === ''
        ? 'Jira Cloud signs in with an e-mail address, and no Username was given'
        : `Jira Cloud signs in with an e-mail address, and “${facts.username}” is not one`,
    proof: 'The Username has no @, and the site is Jira Cloud, which knows accounts by e-mail only. Nothing was sent.',
    judged: facts => [
      facts.username === '' ? 'No Username was given' : `Username as typed: “${facts.username}”; there is no @ in it`,
      `${facts.host} is a Jira Cloud site; nothing was sent`,
    ],
    checklist: facts =>
      upToSix([
        you(
          'Enter the e-mail of the Atlassian account that made the token',
          'the page with your tokens shows whose they are',
          {
            command: edit(facts),
            remedy: 'field:username',
            url: tokensPage(facts),
          },
        ),
        accountAdmin(facts)(
          'For a service account, ask for its e-mail',
          'Directory → Service accounts shows it',
          'Please tell us the e-mail address of the service account we should use.',
          {url: adminPage(facts)},
        ),
        you(
          'If your Jira is Data Center, check the site’s address',
          'login names are for Data Center; this address is Jira Cloud',
          {command: edit(facts), remedy: 'field:url'},
        ),
      ]),
    example: facts => ({...facts, username: clean('you')}),
  },
  'token-damaged': {
    ...token,
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:token'],
    kind: 'warning',
    certainty: 'likely',
    title: facts => withReason(facts, 'The token looks damaged: its checksum does not fit'),
    proof:
      'The last eight characters of an ATATT3… token are the checksum (CRC32) of the rest, and do not fit. Atlassian does not document this, so the token can still be tried.',
    judged: judgedToken,
    checklist: facts =>
      upToSix([
        you(
          'Copy the token again from where it is kept, all of it in one piece',
          'a terminal or chat may have cut, wrapped or changed it',
          {command: edit(facts), remedy: 'field:token'},
        ),
        you(
          'Count it: all user tokens seen so far have 192 characters',
          'when it lies in a file, this shows its length and not the token',
          {command: 'tr -d "[:space:]" </path/to/token-file | wc -c'},
        ),
        newToken(facts, 'Atlassian shows a token only once; a lost one cannot be shown again'),
        you('Or go on with it as it is', 'Jira decides; the checksum is only a hint'),
      ]),
  },
  'token-wrong-kind': {
    ...token,
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:token', 'field:url'],
    kind: 'failure',
    title: facts => reasonIn(facts) ?? kinds[facts.tokenKind]?.title ?? 'This is not a token for this Jira',
    proof:
      'The form of the token shows what it is: ATCTT… an organization’s admin key or a Bitbucket access token, ATBB… Bitbucket, ATTA… or 32 hexadecimal digits Trello, ATOA… an OAuth client secret, eyJ… an OAuth access token, 44 characters of base64 a personal access token of Data Center. Nothing was sent.',
    judged: judgedToken,
    checklist: facts =>
      mostLikelyFirst([
        ['usual', instead(facts)],
        ...(kinds[facts.tokenKind]?.advice(facts) ?? []).map((action): Cause => ['usual', action]),
        isDataCenter(facts)
          ? [
              'seldom',
              jiraAdmin(
                'Ask for an account for integrations',
                'a personal access token of its own does not leave with a person',
                'Please give us an account for integrations, so that its tokens do not leave with a person.',
              ),
            ]
          : [
              'seldom',
              accountAdmin(facts)(
                'For an integration, ask for a service account with a token',
                'it begins with ATSTT3, has scopes, and does not leave with a person',
                'Please give us a service account with an API token for the app Jira (Directory → Service accounts).',
                {url: adminPage(facts)},
              ),
            ],
      ]),
    example: facts => ({...facts, tokenKind: 'organisation-admin-key'}),
  },
  'token-unusable': {
    ...token,
    exit: exit.usage,
    kind: 'failure',
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:token'],
    title: facts => withReason(facts, 'This cannot be an API token'),
    proof:
      'Nothing that could be a token was given: it is empty, the name of a variable, a placeholder or a masked copy, or its source cannot be read. Nothing was sent.',
    judged: judgedToken,
    checklist: facts =>
      upToSix([
        you('Give the token itself, all of it in one piece', 'Atlassian shows it once, when it is created', {
          command: edit(facts),
          remedy: 'field:token',
        }),
        you(
          'If it comes from a file or a command, see whether that gives anything',
          'this shows how many characters there are, and not the token',
          {command: 'tr -d "[:space:]" </path/to/token-file | wc -c'},
        ),
        you(
          'If it comes from a variable, let the shell put its value in',
          'in single quotes, and in most configuration files, $NAME stays a name',
        ),
        newToken(facts, 'if only a masked copy is left, the token cannot be recovered'),
      ]),
  },
  'token-expires': {
    ...token,
    concerns: 'expiry',
    again: 'useless',
    remedies: ['field:token', 'field:expires'],
    exit: exit.done,
    kind: 'warning',
    title(facts) {
      const {days} = expiryNotice(facts.expiresAt, facts.now);
      if (days === null) return 'The token expires soon';
      if (days < 0) return `The token should have expired on ${facts.expiresAt}; the remembered date may be wrong`;
      return days === 0
        ? 'The token expires today'
        : `The token expires in ${days} day${days === 1 ? '' : 's'}, on ${facts.expiresAt}`;
    },
    proof:
      'The expiry date remembered here is near or past. Jira Cloud does not tell a token’s date, so it is as good as what was typed.',
    checklist: facts =>
      upToSix([
        newToken(facts, 'the old one works on until its last day, so nothing is interrupted'),
        you('See the token’s real last day', 'if the remembered one is wrong, correct it', {
          command: edit(facts),
          remedy: 'field:expires',
          url: listedTokens(facts),
        }),
        you('Put the new token everywhere the old one is used', 'on its last day they all stop at once'),
      ]),
    example: facts => ({...facts, expiresAt: '2026-12-16'}),
  },
} as const satisfies Rows;
