/** What is found before any request: the address, the username, the token as typed. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {expiryNotice} from '../../domain/expiry.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts} from '../evidence.ts';
import {isCloud, isDataCenter} from '../evidence-reading.ts';
import {
  accountAdmin,
  adminPage,
  edit,
  emailPage,
  endpoint,
  jiraAdmin,
  jirakey,
  newToken,
  page,
  patPage,
  rotate,
  tokensPage,
  you,
} from './actions.ts';
import {type Rows, upToSix} from './row.ts';

/** By what that was judged which was typed. */
const reasonIn = ({detail}: Facts): string | null => (detail !== null && 'reason' in detail ? detail.reason : null);
/** `shown` addresses have lost what may be a secret already; one that may be nothing else is empty. */
const judgedAddress = (facts: Facts): readonly string[] => [
  facts.url === '' ? 'The address is not shown here: it may hold a secret' : `Address as it was read: ${facts.url}`,
  reasonIn(facts) ?? 'It was judged on this machine by its form alone; nothing was sent',
];

const site = {
  steps: ['site'],
  exit: exit.usage,
  kind: 'failure',
  certainty: 'proven',
  refusal: false,
  concerns: 'address',
  provesWrongAddress: false,
  bearerMayCure: false,
  judged: judgedAddress,
} as const;
/** Nothing was sent, so no other way of signing in is at hand. */
const token = {
  steps: ['sign-in'],
  exit: exit.rejected,
  certainty: 'proven',
  refusal: false,
  provesWrongAddress: false,
  bearerMayCure: false,
} as const;

const withReason = (facts: Facts, sentence: string): string => {
  const reason = reasonIn(facts);
  return reason === null ? sentence : `${sentence}: ${reason}`;
};

const copyAddress = you(
  'Copy the address of any Jira page from a browser and paste it as it is',
  'what does not belong is taken off, and shown',
);

export const addresses = {
  'url-invalid': {
    ...site,
    again: 'useless',
    remedies: ['field:url'],
    title: facts => withReason(facts, 'This is not a usable site address'),
    proof:
      'The text has no host, holds a login, control characters or a port out of range, or is a page that is no Jira site. Nothing was sent.',
    checklist: facts =>
      upToSix([
        copyAddress,
        you(
          'On Jira Cloud enter https://NAME.atlassian.net and nothing after it',
          'this page lists your sites by name',
          {url: 'https://home.atlassian.com'},
        ),
        you(
          'On Data Center keep the path Jira lives under, such as https://jira.acme.example/jira',
          'it stands before /browse or /secure in every address',
          {command: edit(facts), remedy: 'field:url'},
        ),
        you(
          'Leave user name and token out of the address',
          'they have fields of their own, and an address is shown and stored in clear',
        ),
      ]),
  },
  'url-insecure': {
    ...site,
    again: 'useless',
    remedies: ['field:url'],
    title: facts =>
      `http:// would send the token in clear to ${facts.host === '' ? 'the site' : facts.host}, so nothing was sent`,
    proof: 'The address begins with http:// and is not on this machine itself.',
    checklist(facts) {
      const port = facts.port === 80 || facts.port === 443 ? '' : `:${facts.port}`;
      const secure = `https://${facts.host.includes(':') ? `[${facts.host}]` : facts.host}${port === ':8080' ? '' : port}`;
      return upToSix([
        you(`Enter ${secure} instead`, 'see first whether it answers there', {
          command: `curl -sv --max-time 10 ${shellWord(`${secure}/`)} -o /dev/null`,
        }),
        jiraAdmin(
          'Ask for https on this Jira',
          'a reverse proxy with a certificate in front of it is enough',
          'Please set up https for this Jira; a reverse proxy with a certificate in front of it is enough.',
        ),
        you(
          'To reach an inner Jira for now, tunnel to it and use http://localhost:8080',
          'plain http is accepted only to this machine itself; ssh encrypts the rest; put in a server next to that Jira',
          {command: `ssh -N -L 8080:${shellWord(endpoint(facts))} jump.acme.example`},
        ),
      ]);
    },
    example: facts => ({
      ...facts,
      host: clean('jira.acme.example'),
      port: 80,
      url: clean('http://jira.acme.example'),
      deployment: 'data-center',
    }),
  },
  'url-lookalike': {
    ...site,
    again: 'useless',
    remedies: ['field:url'],
    kind: 'warning',
    certainty: 'possible',
    title: facts => withReason(facts, `${facts.host} looks like an Atlassian address but is not one`),
    proof:
      'The host is a letter or two from atlassian.net, has it in the middle, or mixes scripts. It may be right; it is worth a look.',
    checklist: facts =>
      upToSix([
        you(
          'Compare it letter by letter with the address bar of a browser where Jira is open',
          'sites of Jira Cloud end in .atlassian.net',
          {command: edit(facts), remedy: 'field:url'},
        ),
        you('See your sites’ names', 'on Atlassian’s own page', {url: 'https://home.atlassian.com'}),
        you('If a token was ever sent to it, revoke that token', 'a look-alike exists to collect them', {
          url: tokensPage,
        }),
        accountAdmin(facts)(
          'If it is a domain of your company, ask for the site’s own address',
          'tokens work at https://NAME.atlassian.net',
          `If ${facts.host} is a domain of our company, please tell us the Jira site’s own address.`,
          {url: adminPage},
        ),
      ]),
    example: facts => ({...facts, host: clean('acme.atlasian.net'), url: clean('https://acme.atlasian.net')}),
  },
} as const satisfies Rows;

const kindNames: Readonly<Partial<Record<Facts['tokenKind'], string>>> = {
  'organisation-admin-key': 'an organisation’s admin key (ATCTT3…), which Jira does not take',
  bitbucket: 'a Bitbucket token, which Jira does not take',
  jwt: 'a JSON Web Token, not an API token',
  'data-center-pat': 'a personal access token of Data Center, which Jira Cloud does not take',
};

/** The form of a token may be spoken of, the token never. */
const judgedToken = (facts: Facts): readonly string[] => [
  `${reasonIn(facts) ?? `Judged by its form: ${kindNames[facts.tokenKind] ?? 'no kind of token Jira takes'}`}`,
  'It was judged on this machine by its form alone; nothing was sent',
];

/** What was asked for by name. */
export const named = {
  'credential-unknown': {
    steps: [],
    exit: exit.notFound,
    kind: 'failure',
    certainty: 'proven',
    refusal: false,
    concerns: 'store',
    again: 'useless',
    remedies: [],
    provesWrongAddress: false,
    bearerMayCure: false,
    title: ({unknownName}) =>
      unknownName === undefined
        ? 'No credential of that name is saved'
        : `No credential named “${unknownName.wanted}” is saved`,
    proof: 'The store has no credential of that name. Capitals and accents written in another way make no difference.',
    judged: ({unknownName}) => [
      unknownName === undefined ? 'The store was read and has no such name' : `Asked for: “${unknownName.wanted}”`,
      ...(unknownName === undefined || unknownName.nearest.length === 0
        ? []
        : [`Saved under a similar name: ${unknownName.nearest.map(each => `“${each}”`).join(', ')}`]),
    ],
    checklist: facts =>
      upToSix([
        ...(facts.unknownName?.nearest ?? []).slice(0, 2).map(name =>
          you(`If you meant “${name}”, use that name`, 'it is the saved name most like yours', {
            command: jirakey(facts, 'show', {name}),
          }),
        ),
        you('List the saved credentials', 'the name stands at the top of each', {command: jirakey(facts, 'list')}),
        you('If it is kept in another folder, name that with --store', 'this shows the file in use', {
          command: jirakey(facts, 'path'),
        }),
        you('Or set it up', 'the assistant asks for what it needs', {
          command: jirakey(
            facts,
            'setup',
            facts.unknownName === undefined ? {} : {options: ['--name', facts.unknownName.wanted]},
          ),
        }),
      ]),
    example: facts => ({...facts, unknownName: {wanted: clean('my-jria'), nearest: [clean('my-jira')]}}),
  },
} as const satisfies Rows;

export const typed = {
  'username-not-email': {
    ...token,
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:username', 'field:url'],
    kind: 'either',
    title: facts =>
      facts.username === ''
        ? 'Jira Cloud wants an e-mail address as Username'
        : `Jira Cloud wants an e-mail address as Username; “${facts.username}” is none`,
    proof: 'The Username has no @, and the site is Jira Cloud, which knows accounts by e-mail only. Nothing was sent.',
    judged: facts => [
      facts.username === '' ? 'No Username was given' : `Username as typed: “${facts.username}”; there is no @ in it`,
      `${facts.host} is a Jira Cloud site; nothing was sent`,
    ],
    checklist: facts =>
      upToSix([
        you('Enter the e-mail of the Atlassian account that made the token', 'this page shows it', {
          command: edit(facts),
          remedy: 'field:username',
          url: emailPage,
        }),
        accountAdmin(facts)(
          'For a service account, ask for its e-mail',
          'it ends in @serviceaccount.atlassian.com: Directory → Service accounts',
          'Please tell us the e-mail address of the service account we should use.',
          {url: adminPage},
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
        ),
        you(
          'Count it: all tokens seen so far have 192 characters',
          'when it lies in a file, this shows its length and not the token',
          {command: 'tr -d "[:space:]" </path/to/token-file | wc -c'},
        ),
        newToken(facts, true, 'Atlassian shows a token only once; a lost one cannot be shown again'),
        you('Or go on with it as it is', 'Jira decides; the checksum is only a hint'),
      ]),
  },
  'token-wrong-kind': {
    ...token,
    concerns: 'credential',
    again: 'useless',
    remedies: ['field:token', 'field:url'],
    kind: 'failure',
    title: facts => {
      const name = kindNames[facts.tokenKind];
      return reasonIn(facts) ?? (name === undefined ? 'This token is not one for this Jira' : `This is ${name}`);
    },
    proof:
      'The form of the token shows what it is: ATCTT3… an organisation’s admin key, ey… a JSON Web Token, ATBB or ATCTT… Bitbucket, 44 characters of base64 a Data Center token. Nothing was sent.',
    judged: judgedToken,
    checklist: facts =>
      upToSix([
        isCloud(facts)
          ? you('Create an API token and paste that', 'it begins with ATATT3', {
              command: rotate(facts),
              remedy: 'field:token',
              url: tokensPage,
            })
          : you('Create a personal access token and paste that', 'your profile in Jira → Personal access tokens', {
              command: rotate(facts),
              remedy: 'field:token',
              url: patPage(facts),
            }),
        facts.tokenKind === 'organisation-admin-key'
          ? you(
              'Keep the admin key out of scripts; if others may have seen it, have it revoked',
              'it can manage the whole organisation',
              {url: adminPage},
            )
          : null,
        facts.tokenKind === 'data-center-pat'
          ? you('If it is the token of a Data Center, enter that Jira’s address', 'this address is Jira Cloud', {
              command: edit(facts),
              remedy: 'field:url',
            })
          : null,
        accountAdmin(facts)(
          'For an integration, ask for a service account with a token',
          'it begins with ATSTT3 and does not leave with a person',
          'Please give us a service account with an API token for this integration.',
          {url: isCloud(facts) ? adminPage : page(facts, '/secure/admin/user/UserBrowser.jspa')},
        ),
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
        newToken(facts, !isDataCenter(facts), 'if only a masked copy is left, the token cannot be recovered'),
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
        newToken(
          facts,
          isCloud(facts) || facts.deployment === null,
          'the old one works on until its last day, so nothing is interrupted',
        ),
        you('See the token’s real last day', 'if the remembered one is wrong, correct it', {
          command: edit(facts),
          remedy: 'field:expires',
          url: isCloud(facts) ? tokensPage : patPage(facts),
        }),
        you('Put the new token everywhere the old one is used', 'on its last day they all stop at once'),
      ]),
    example: facts => ({...facts, expiresAt: '2026-12-16'}),
  },
} as const satisfies Rows;
