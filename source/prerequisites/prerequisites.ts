/**
 * What has to be true before a credential can be made, one small screen each. Pure text and order; what the program can
 * find out by itself is named by `check` and done in checks.ts.
 */
import type {Clean} from '../domain/clean.ts';
import {commercialCloud} from '../domain/clouds.ts';
import type {Connector, Deployment} from '../domain/credential.ts';
import {scopeGroups} from '../domain/scopes.ts';

export const checkIds = ['store', 'terminal', 'network'] as const;
export type CheckId = (typeof checkIds)[number];

/**
 * What a check found. `note` is worth reading and stops nobody; `failed` stops the assistant before the token is asked.
 * `text` is one line, `more` what to do or know about it.
 */
export type CheckResult = Readonly<{state: 'ok' | 'note' | 'failed'; text: Clean; more: readonly Clean[]}>;

/** A line of explanation, a numbered step, or an address that stands alone on its line so that it can be copied. */
export type Line = Readonly<{kind: 'text' | 'step' | 'url' | 'code'; text: string}>;

export type Prerequisite = Readonly<{id: string; title: string; lines: readonly Line[]; check: CheckId | null}>;

/** `deployment` is null as long as nobody knows it: then both ways are told. */
export type Setting = Readonly<{connector: Connector; deployment: Deployment | null; practice: boolean}>;

/** Where Atlassian makes API tokens today (support.atlassian.com, "Manage API tokens for your Atlassian account"). */
export const tokenPage = commercialCloud.tokenPage;

const text = (value: string): Line => ({kind: 'text', text: value});
const step = (value: string): Line => ({kind: 'step', text: value});
const url = (value: string): Line => ({kind: 'url', text: value});
const code = (value: string): Line => ({kind: 'code', text: value});

/** The prerequisites of one setting, in the order they are walked. */
export function prerequisites(setting: Setting): readonly Prerequisite[] {
  return [
    store,
    terminal,
    network,
    site(setting),
    account(setting),
    permissions(setting.connector),
    token(setting),
    ...(setting.deployment === 'data-center' ? [] : [kindOfToken(setting.connector), expiry]),
  ];
}

const store: Prerequisite = {
  id: 'store',
  title: 'A private place for the token',
  check: 'store',
  lines: [
    text('Atlassian shows a token once. It goes, encrypted with your passphrase, into a file that only you can read.'),
  ],
};

const terminal: Prerequisite = {
  id: 'terminal',
  title: 'A terminal that hides what you type',
  check: 'terminal',
  lines: [text('Passphrase and token are shown as dots, also when you paste them.')],
};

const network: Prerequisite = {
  id: 'network',
  title: 'The way out of this machine',
  check: 'network',
  lines: [
    text('Requests go to your Jira, and for tokens with scopes to api.atlassian.com, both over HTTPS (port 443).'),
  ],
};

function site({deployment, practice}: Setting): Prerequisite {
  const known = [
    text('The address you see in the browser while you use Jira. Paste any page of it: what is too much is cut off.'),
    ...(deployment === 'data-center' ? [] : [text('Cloud:'), code('https://acme.atlassian.net')]),
    ...(deployment === 'cloud' ? [] : [text('Data Center:'), code('https://jira.acme.example/jira')]),
  ];
  return {
    id: 'site',
    title: 'The address of your Jira',
    check: null,
    lines: practice
      ? [text('The practice Jira runs inside this program; its address is filled in for you.'), ...known]
      : known,
  };
}

const serviceAccounts: Readonly<Record<Connector, Line>> = {
  'jira-feeds': text(
    'On Cloud a service account is the best choice: an organisation admin makes it and its token (admin.atlassian.com, Directory, Service accounts).',
  ),
  'jira-software': text(
    'On Cloud it may be a service account, which an organisation admin makes (admin.atlassian.com, Directory, Service accounts).',
  ),
};

function account({connector, deployment}: Setting): Prerequisite {
  const why =
    connector === 'jira-feeds'
      ? 'Feeds run for years: take an account made for integrations, so that they do not stop when a colleague leaves.'
      : 'Everything this credential writes is attributed to its account; a dedicated integration account makes that obvious.';
  return {
    id: 'account',
    title: 'Which account to use',
    check: null,
    lines: [
      text(why),
      text('The token can do what its account can do, never more. Sign in to Jira with it once in a browser first.'),
      text('You need its e-mail (Cloud) or its login name (Data Center).'),
      ...(deployment === 'data-center' ? [] : [serviceAccounts[connector]]),
    ],
  };
}

function permissions(connector: Connector): Prerequisite {
  const lines =
    connector === 'jira-feeds'
      ? [
          text('The account only reads. It needs:'),
          step('Browse Projects, in every project to be fed'),
          step('Browse users and groups (global), for the users feed'),
          step('a Jira Software licence, for boards and sprints'),
          text('View Development Tools and View Read-Only Workflow are good to have. Nothing stops without them.'),
        ]
      : [
          text('The account needs, in every project it works on:'),
          step('Browse Projects, to read'),
          step('Create, Edit and Transition Issues, to write'),
          text('A Jira admin grants them in the project’s permission scheme.'),
        ];
  return {id: 'permissions', title: 'What the account may do', check: null, lines};
}

function token({deployment, practice}: Setting): Prerequisite {
  const cloud = [
    text('In a browser, signed in with that account:'),
    url(tokenPage),
    step('Choose “Create API token”.'),
    step('Give it a name that says where it is used.'),
    step('Choose an expiry date (1 to 365 days) and note it.'),
    step('Create, then Copy. It is shown once: leave the page open until it is pasted here.'),
    text('Note the e-mail shown on that page: it is the Username.'),
  ];
  const dataCenter = [
    text(
      'On Data Center (8.14 or later): your avatar, Profile, Personal Access Tokens, Create token. It starts with M, N or O.',
    ),
  ];
  const play = [text('The practice Jira has a token ready; Enter will take it. In real life:')];
  return {
    id: 'token',
    title: 'An API token',
    check: null,
    lines: [
      ...(practice ? play : []),
      ...(deployment === 'data-center' ? [] : cloud),
      ...(deployment === 'cloud' ? [] : dataCenter),
    ],
  };
}

function kindOfToken(connector: Connector): Prerequisite {
  const groups = scopeGroups[connector].filter(({needed}) => needed);
  return {
    id: 'token-kind',
    title: 'Classic token or token with scopes',
    check: null,
    lines: [
      text('A classic token works at the site’s own address and in the platform’s form. Take it unless you must not.'),
      text(
        'A token with scopes works only through Atlassian’s gateway. This program finds that out by itself, but the form tests the site’s address and will refuse it.',
      ),
      ...groups.flatMap(({scopes, purpose}) => [text(`Scopes for ${purpose}:`), ...scopes.map(code)]),
    ],
  };
}

const expiry: Prerequisite = {
  id: 'expiry',
  title: 'The day the token ends',
  check: null,
  lines: [
    text(
      'Every Atlassian token made since 15 December 2024 ends after at most 365 days; older ones have all ended by May 2026.',
    ),
    text(
      'Nothing in Jira tells when. You will be asked for the date, so that `list` can warn before it stops working.',
    ),
  ],
};
