/** What is wrong with the address, as its form alone shows. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts} from '../evidence.ts';
import {bracketed} from '../evidence-reading.ts';
import {accountAdmin, edit, endpoint, jiraAdmin, you} from './actions.ts';
import {adminPage, homePage, siteForm, tokensPage} from './checklist-pages.ts';
import {reasonIn, withReason} from './detail.ts';
import {type Rows, upToSix} from './row.ts';

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
  stopsAtUrl: true,
  bearerMayCure: false,
  judged: judgedAddress,
} as const;
const copyAddress = (facts: Facts) =>
  you('Paste the address of any page of your Jira, as a browser shows it', 'jirakey keeps only the part it needs', {
    command: edit(facts),
    remedy: 'field:url',
  });

const mySites = (facts: Facts) =>
  you('Look up the names of your sites in a browser', 'this page may list those your account can open', {
    url: homePage(facts),
  });

export const addresses = {
  'url-invalid': {
    ...site,
    again: 'useless',
    remedies: ['field:url'],
    title: facts => withReason(facts, 'This is not a usable site address'),
    proof:
      'The text has no host, contains a login, control characters or a port out of range, or is a page that is not a Jira site. Nothing was sent.',
    checklist: facts =>
      upToSix([
        copyAddress(facts),
        you(`On Jira Cloud, enter ${siteForm(facts)} and nothing after it`, 'this page may list your sites by name', {
          url: homePage(facts),
        }),
        you(
          'On Data Center, keep the path Jira lives under, such as https://jira.acme.example/jira',
          'it stands before /browse or /secure in every address',
        ),
        you(
          'Leave username and token out of the address',
          'they have fields of their own, and an address is shown and stored unencrypted',
        ),
      ]),
  },
  'url-insecure': {
    ...site,
    again: 'useless',
    remedies: ['use-url', 'field:url'],
    title: facts =>
      `http:// would send the token unencrypted to ${facts.host === '' ? 'the site' : facts.host}, so nothing was sent`,
    proof: 'The address begins with http:// and is not on this machine itself.',
    checklist(facts) {
      const port = facts.port === 80 || facts.port === 443 || facts.port === 8080 ? '' : `:${facts.port}`;
      const secure = `https://${bracketed(facts.host)}${port}`;
      return upToSix([
        you(`Enter ${secure} instead`, 'first see whether it answers there', {
          command: `curl -sv --max-time 10 ${shellWord(`${secure}/`)} -o /dev/null`,
          remedy: 'field:url',
        }),
        jiraAdmin(
          'Ask for https on this Jira',
          'a reverse proxy with a certificate in front of it is enough',
          `Could you enable https on the Jira at ${facts.host}? A reverse proxy with a certificate in front of it is enough.`,
        ),
        you(
          'To reach an internal Jira for now, tunnel to it and use http://localhost:8080',
          'plain http is accepted only to this machine itself; ssh encrypts the rest; name a server next to that Jira',
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
    remedies: ['use-url', 'field:url'],
    kind: 'warning',
    certainty: 'possible',
    title: facts => reasonIn(facts) ?? `${facts.host} looks like an Atlassian address but is not one`,
    proof:
      'The host is a letter or two from atlassian.net, has it in the middle, or mixes scripts. It may be right; it is worth a look.',
    checklist: facts =>
      upToSix([
        you(
          'Compare it letter by letter with the address bar of a browser where Jira is open',
          `sites of Jira Cloud are ${siteForm(facts)}`,
          {command: edit(facts), remedy: 'field:url'},
        ),
        mySites(facts),
        you('If a token was ever sent to it, revoke that token', 'a lookalike exists to collect them', {
          url: tokensPage(facts),
        }),
        accountAdmin(facts)(
          'If it is a domain of your company, ask for the site’s own address',
          `tokens work only at ${siteForm(facts)}`,
          `If ${facts.host} is a domain of our company, please tell us the Jira site’s own address.`,
          {url: adminPage(facts)},
        ),
      ]),
    example: facts => ({...facts, host: clean('acme.atlasian.net'), url: clean('https://acme.atlasian.net')}),
  },
} as const satisfies Rows;
