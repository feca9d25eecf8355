/** Redirects: round in circles, to a login or to another address. */
import {type Clean, clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, answersFor, isCloud, isSignIn} from '../evidence-reading.ts';
import {isJira, siblingOf, whoAnswered} from '../responder.ts';
import {accountAdmin, edit, jiraAdmin, networkAdmin, onDataCenter, rotate, say, you} from './actions.ts';
import {
  askBase,
  compareBrowser,
  hostOf,
  onGuestNetwork,
  pathOf,
  redirectIn,
  redirectLines,
  seeAnswer,
  shownUrl,
  site,
} from './address-parts.ts';
import {adminPage, patPage, siteForm} from './checklist-pages.ts';
import {enter, lookFirst, siteBehind} from './own-address.ts';
import {type Rows, upToSix} from './row.ts';

/** A look that Jira Cloud answered under a custom domain. */
function behindDomain(seen: Seen, facts: Facts): readonly Clean[] | null {
  const answer = answerIn(seen);
  const behind = siteBehind(seen, facts);
  if (answer === null || behind === null || answer.step !== 'site' || answer.status !== 200) return null;
  return [...answerLines(answer), clean(`Jira names ${behind} as its own address`)];
}

/** Whether Jira's own code gave the answer at hand. */
const byJira = (seen: Seen): boolean => {
  const answer = answerIn(seen);
  return answer !== null && isJira(answer);
};

// Titles of sign-in pages that come with 200 where JSON is due: single sign-on in front of Jira (seen as such, not as a redirect).
const loginTitle =
  /\b(?:log ?in|log ?on|sign ?in|single sign-?on|sso|two-factor|multi-factor|2fa|mfa|anmelden|anmeldung|connexion|iniciar sesi[oó]n|accedi|entrar|logowanie|inloggen|kirjaudu|logga in|oturum aç)\b|вход|войти|登录|登入|ログイン|로그인/iu;

function loginPage(answer: Answer): boolean {
  // A gate may refuse with the page; Jira refuses a credential with one as well, so there the look alone counts.
  const refused = (answer.status === 401 || answer.status === 403) && !isSignIn(answer) && !isJira(answer);
  return (
    (answer.status === 200 || refused) &&
    answer.body.type === 'html' &&
    siblingOf(answer) === null &&
    (answer.body.login !== undefined || loginTitle.test(answer.body.title))
  );
}

const isRedirect = (status: number): boolean => status >= 300 && status <= 399;

/** Whether the credential was sent before the login page came, and by which scheme. */
const triedWith = (seen: Seen): 'none' | 'basic' | 'bearer' =>
  answersFor(seen, 'sign-in-bearer').length > 0 ? 'bearer' : answersFor(seen, 'sign-in').length > 0 ? 'basic' : 'none';

/** Asks for the token without showing it or leaving it in the history or in the arguments of a program. */
const tryBearer = (facts: Facts): string => {
  const url = shellWord(`${facts.url}/rest/api/2/myself`);
  const ask = `read -rsp "token: " t; echo "Authorization: Bearer $t" | curl -sS --max-time 10 -H @- "$0" | head -c 400`;
  return `bash -c '${ask}' ${url}`;
};

export const redirects = {
  'redirect-loop': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    title: facts => `${facts.host} redirects every request to the same place again`,
    proof: 'The answer is a redirect whose Location is the address that was just asked.',
    signal: (seen, facts) => redirectLines(seen, facts, 'loop'),
    checklist: (facts, seen) =>
      upToSix([
        byJira(seen)
          ? null
          : jiraAdmin(
              `Ask whether a login gate or load balancer in front of ${facts.host} wants a cookie`,
              'a gate that sets a cookie and sends the browser back does this; programs keep none',
              `Please check whether a login gate or load balancer in front of ${facts.host} wants a cookie: every request of our program is redirected to the same place.`,
            ),
        jiraAdmin(
          'Ask to check scheme, proxyName and secure in Jira’s server.xml, and X-Forwarded-Proto on the reverse proxy',
          'Jira behind a proxy that forgets “https” sends everybody to https again and again',
          'Please check scheme, proxyName and secure in Jira’s server.xml, and X-Forwarded-Proto on the reverse proxy: every request is redirected to the same place.',
        ),
        compareBrowser(facts),
        askBase(facts),
        seeAnswer(facts, 'the Location line shows where it leads'),
      ]),
  },
  'sso-redirect': {
    ...site,
    bearerMayCure: true,
    concerns: 'address',
    again: 'may-help',
    remedies: ['field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    steps: ['site', 'sign-in'],
    certaintyNote: 'likely where a login page came, and no redirect to one',
    certaintyOf: (_facts, seen) => (isRedirect(answerIn(seen)?.status ?? 302) ? 'proven' : 'likely'),
    title(facts, seen) {
      const redirect = redirectIn(seen, facts);
      const to = redirect === null ? '' : ` (${say(hostOf(redirect.target), 80)})`;
      return triedWith(seen) === 'none'
        ? `${facts.host} sends programs to a login page${to} instead of answering`
        : `${facts.host} sends even a request with the token to a login page${to} instead of answering it`;
    },
    proof:
      'The answer is a redirect to a login page, an identity provider or Cloudflare Access, or such a page itself. The token was not judged.',
    signal(seen, facts) {
      const redirected = redirectLines(seen, facts, 'login');
      if (redirected !== null) return redirected;
      const answer = answerIn(seen);
      return answer !== null && loginPage(answer) && !isAtlassianHost(facts.host) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const redirect = redirectIn(seen, facts);
      const target = redirect === null ? '' : redirect.target;
      const access = /cloudflareaccess\.com|\/cdn-cgi\/access\//i.test(target);
      const own = redirect !== null && URL.canParse(target) && hostOf(target) === hostOf(facts.url);
      const asAdmin = access ? networkAdmin : jiraAdmin;
      const tried = triedWith(seen);
      return upToSix([
        tried === 'none'
          ? you(
              'Try the token yourself: it was not tried here',
              'many gates let a token through and send only browsers to the login',
              {command: tryBearer(facts)},
            )
          : null,
        tried === 'basic'
          ? you(
              'Try a personal access token: it is sent in another way (Bearer) than a password',
              'some gates send every password to the login and let such tokens through',
              {command: rotate(facts), remedy: 'field:token', url: isCloud(facts) ? null : patPage(facts)},
            )
          : null,
        asAdmin(
          access
            ? `Ask for a Cloudflare Access bypass or service policy on ${facts.host}/rest/`
            : `Ask to let ${pathOf(facts)}/rest/ on ${facts.host} pass without single sign-on`,
          'programs cannot log in as a browser does, and the gate may know no API tokens',
          access
            ? `Please set up a Cloudflare Access bypass or service policy on ${facts.host}/rest/.`
            : `Please let ${pathOf(facts)}/rest/ on ${facts.host} pass without single sign-on: programs cannot log in as a browser does.`,
        ),
        isCloud(facts) && !isAtlassianHost(facts.host)
          ? you(`Enter the site’s own address, ${siteForm(facts)}`, 'a vanity domain has a login gate of its own', {
              command: edit(facts),
              remedy: 'field:url',
            })
          : null,
        own ? compareBrowser(facts) : null,
        jiraAdmin(
          'Ask whether there is another address for programs',
          'many companies have one without single sign-on; the token stays the same',
          'Please tell us whether there is another address for programs, without single sign-on.',
        ),
        networkAdmin(
          'Ask whether the gate can except this machine’s address',
          'usual for servers that cannot log in with a browser',
          'Please check whether the login gate can exempt our server’s address.',
        ),
        seeAnswer(facts, 'its Location or its page shows which login it is'),
      ]);
    },
  },
  'site-moved': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    title(facts, seen) {
      const behind = siteBehind(seen, facts);
      if (behind !== null)
        return `${facts.host} is a custom domain of ${behind}, and API tokens work only at that address`;
      const redirect = redirectIn(seen, facts);
      if (redirect?.kind !== 'moved') return `${facts.host} redirects to another address`;
      if (redirect.plain) return `${facts.host} redirects to unencrypted http, which is never followed`;
      return `${facts.url.replace(/^https?:\/\//, '')} redirects to ${shownUrl(redirect.base ?? redirect.target)}`;
    },
    proof:
      'The answer is a redirect to another host, scheme or base path that is no login page, which was not followed; or Jira Cloud answered under a custom domain and named its own site, where alone its REST API is supported.',
    signal: (seen, facts) => behindDomain(seen, facts) ?? redirectLines(seen, facts, 'moved'),
    checklist(facts, seen) {
      const behind = siteBehind(seen, facts);
      if (behind !== null)
        return upToSix([
          enter(
            facts,
            behind,
            'Jira itself names it; the token stays the same, and nothing was sent to the custom domain',
          ),
          compareBrowser(facts),
        ]);
      const redirect = redirectIn(seen, facts);
      const base = redirect?.kind === 'moved' ? redirect.base : null;
      const plain = redirect?.kind === 'moved' && redirect.plain;
      const answer = answerIn(seen);
      const told = answer !== null && whoAnswered(answer).party !== 'other';
      const away = redirect !== null && hostOf(redirect.target).replace(/:\d+$/, '') !== facts.host;
      const known = base === null ? null : clean(base, 300);
      return upToSix([
        plain && away ? onGuestNetwork : null,
        plain && !away
          ? jiraAdmin(
              'Ask to correct the reverse proxy (X-Forwarded-Proto) or scheme and secure in Jira’s server.xml',
              'Jira believes it is reached over http, so its redirects leave https',
              'Please correct the reverse proxy (X-Forwarded-Proto), or scheme and secure in Jira’s server.xml: its redirects leave https.',
            )
          : null,
        known === null
          ? null
          : told
            ? enter(facts, known, 'the redirect came from Jira or Atlassian; a token is never sent along one')
            : lookFirst(known),
        compareBrowser(facts),
        isCloud(facts)
          ? accountAdmin(facts)(
              'Ask whether the site was renamed',
              'the organization’s page lists its sites by their new names',
              `Please check whether the site ${facts.host} was renamed.`,
              {url: adminPage(facts)},
            )
          : askBase(facts),
        known !== null || (plain && away)
          ? networkAdmin(
              'If you do not know that address, ask whether something on the way redirects',
              'a captive portal or filter does so too',
              `Please check whether something on the way redirects our requests to ${facts.host}, such as a captive portal or filter.`,
            )
          : null,
      ]);
    },
  },
} as const satisfies Rows;
