/** Failures of the address: Jira is elsewhere, behind a login page, under another path, or something else answers. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  answersFor,
  asksForLogin,
  bodyText,
  isCloud,
  isSignIn,
  knownAsJira,
  refusedByAtlassian,
} from '../evidence-reading.ts';
import {type Redirect, readRedirect} from '../redirect.ts';
import {
  challenges,
  filterOf,
  frontOf,
  header,
  isJira,
  nameless,
  referencesOf,
  siblingOf,
  whoAnswered,
} from '../responder.ts';
import {
  accountAdmin,
  curl,
  edit,
  endpoint,
  jiraAdmin,
  jirakey,
  lookUp,
  networkAdmin,
  onDataCenter,
  ownPublicAddress,
  readAnswer,
  retest,
  rotate,
  say,
  you,
} from './actions.ts';
import {adminPage, page, patPage, rangesPage, siteForm} from './checklist-pages.ts';
import {baseTold, enter, lookFirst, probablyMeant, siteBehind} from './own-address.ts';
import {type Rows, upToSix} from './row.ts';

const site = {
  steps: ['site'],
  exit: exit.site,
  kind: 'failure',
  certainty: 'proven',
  refusal: false,
  bearerMayCure: false,
} as const;

const redirectIn = (seen: Seen, facts: Facts): Redirect | null => {
  const answer = answerIn(seen);
  return answer === null ? null : readRedirect(answer, facts.url);
};

const redirectLines = (seen: Seen, facts: Facts, kind: Redirect['kind']): readonly Clean[] | null => {
  const answer = answerIn(seen);
  const redirect = redirectIn(seen, facts);
  if (answer === null || redirect?.kind !== kind) return null;
  return [...answerLines(answer), clean(`It leads to ${shownUrl(redirect.target)}; nothing was sent there`)];
};

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

/** An address for a sentence: without its query, which may carry session values. */
const shownUrl = (url: string): string => say(url.replace(/[?#].*$/, ''), 160);

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const origin = (facts: Facts): string => (URL.canParse(facts.url) ? new URL(facts.url).origin : facts.url);
const pathOf = (facts: Facts): string =>
  URL.canParse(facts.url) ? new URL(facts.url).pathname.replace(/\/$/, '') : '';

const askBase = (facts: Facts) =>
  jiraAdmin(
    'Ask for the Base URL of this Jira',
    'Administration → System → General configuration',
    'Please tell us the Base URL of this Jira.',
    {
      url: page(facts, '/secure/admin/ViewApplicationProperties.jspa'),
    },
  );
const compareBrowser = (facts: Facts) =>
  you('Open Jira in a browser and copy the address of any page', 'pasted as it is; what does not belong is taken off', {
    command: edit(facts),
    remedy: 'field:url',
  });
const seeAnswer = (facts: Facts, why: string) =>
  you('See what answers, without a credential', why, {command: curl(endpoint(facts))});

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

const onGuestNetwork = you(
  'On a guest or hotel network, log in to the network first',
  'a captive portal answers for every site until then',
);

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

/** Whether an answer came from a site's host that only Atlassian runs: it marks each of its answers there. */
function atAtlassian(answer: Answer): boolean {
  const host = URL.canParse(answer.url) ? new URL(answer.url).hostname : '';
  return isAtlassianHost(host);
}

/**
 * Whether somebody else than Jira or Atlassian surely gave the answer at hand, whatever its status says: at a host of
 * Atlassian's each answer without Atlassian's marks; elsewhere that of a known filter or a block page.
 * @returns what shows it, null where the status may be read
 */
export function answeredInstead(seen: Seen, facts: Facts): readonly Clean[] | null {
  const answer = answerIn(seen);
  if (answer === null || whoAnswered(answer).party !== 'other' || siblingOf(answer) !== null) return null;
  const away = redirectIn(seen, facts)?.kind === 'login' || elsewhereIsJira(answer);
  const known = filterOf(answer) !== null || challenges(answer) || (blocks(answer) && !deniedByJira(answer));
  const instead = atAtlassian(answer)
    ? // Some proxies take the marks away and leave the words of a Jira that showed itself a moment ago.
      !refusedByAtlassian(answer, seen)
    : known && !away && answer.status !== 407;
  return instead ? answerLines(answer) : null;
}

/** A page that says it blocks. A 5xx titled as a proxy's error is that of the server's own reverse proxy. */
const blocks = ({body, status}: Answer): boolean =>
  body.type === 'html' && blockPage.test(body.title) && !(status >= 500 && /proxy/i.test(body.title));

/** Jira's words for a locked account, with its headers taken away: never translated, and no filter's. */
const deniedByJira = (answer: Answer): boolean => /AUTHENTICATION_DENIED|CAPTCHA_CHALLENGE/.test(bodyText(answer));

/** Whether a page or answer comes from something in the middle: a block page, a captive portal, a firewall. */
function intercepts(answer: Answer, seen: Seen, facts: Facts): boolean {
  if (answer.status === 511) return true;
  const {party} = whoAnswered(answer);
  if (party !== 'other' || siblingOf(answer) !== null) return false;
  if (answer.status === 407) return true;
  const {status} = answer;
  if (status !== 401 && status !== 403 && (status < 200 || status > 399)) return false;
  const keeper = filterOf(answer) !== null || (answer.body.type === 'html' && blockPage.test(answer.body.title));
  // Where Jira was a moment ago, a bare page refusing the credential may be Jira's own with its headers taken away.
  if (status === 401 && isSignIn(answer) && knownAsJira(answer, seen)) {
    return keeper || frontOf(answer) !== null || asksForLogin(answer);
  }
  if (status === 401 || status === 403)
    return keeper || frontOf(answer) !== null || answer.body.type === 'html' || !isSignIn(answer);
  if (status >= 300) return keeper && !elsewhereIsJira(answer);
  // Atlassian marks every answer of its own, so a page without marks at its address is somebody else's. A site that was
  // Jira a moment ago still is.
  const foreignPage =
    isAtlassianHost(facts.host) && answer.body.type === 'html' && !emptyServer.test(answer.body.title);
  return keeper || foreignPage || knownAsJira(answer, seen);
}

const blockPage =
  /\b(?:access (?:is |has been )?(?:denied|blocked|restricted)|blocked|web ?gateway|content filter|policy violation|captive|hotspot|guest (?:wi-?fi|network)|wi-?fi|firewall|proxy (?:error|server)|attention required|just a moment|forbidden by|request rejected|zugriff verweigert|gesperrt|acc[eè]s (?:refus|interdit)|acceso denegado)\b/i;

/** The page of a web server nobody has set up yet: not in the way of Jira, just not Jira. */
const emptyServer = /welcome to nginx|default page|it works|test page|iis windows|welcome to (?:caddy|openresty)/i;

const elsewhereIsJira = (answer: Answer): boolean => {
  const location = header(answer, 'location');
  return (
    location !== null && URL.canParse(location, answer.url) && isAtlassianHost(new URL(location, answer.url).hostname)
  );
};

/** The login a web server in front of Jira asks for; Jira's own challenge is OAuth. */
function loginWanted(seen: Seen): string | null {
  const answer = answerIn(seen);
  if (answer === null || !asksForLogin(answer)) return null;
  const challenge = header(answer, 'www-authenticate') ?? '';
  if (/\bNegotiate\b/i.test(challenge)) return 'a Kerberos login (Negotiate)';
  return /\bNTLM\b/i.test(challenge) ? 'a Windows login (NTLM)' : 'a Basic or Digest login of its own';
}

/** Whether the answer says nothing at all about what gave it. */
function unnamed(seen: Seen): boolean {
  const answer = answerIn(seen);
  return answer === null || whoAnswered(answer).name === nameless;
}

const intercepter = (seen: Seen): string => {
  const answer = answerIn(seen);
  return answer === null ? '' : say(whoAnswered(answer).name, 140);
};

/** Whether Jira was found at this address a moment ago: another question there was answered, and not by a 404. */
const foundBefore = (answer: Answer, seen: Seen): boolean =>
  answer.step !== 'site' &&
  seen.some(
    each => each !== answer && each.kind === 'answer' && each.step === 'site' && each.status !== 404 && isJira(each),
  );

/** Jira answers at this address, only not to this question. */
const halfOpen = (facts: Facts, answer: Answer) =>
  upToSix([
    jiraAdmin(
      `Ask whether the reverse proxy passes all of ${pathOf(facts)}/rest/ on to Jira`,
      isJira(answer) ? 'Jira itself answered; its REST plugins may be off' : 'some proxies pass on only listed paths',
      `Please check whether the reverse proxy passes all of ${pathOf(facts)}/rest/ on to Jira, and whether Jira’s REST plugins are on: ${say(pathAsked(answer), 80)} answers 404.`,
    ),
    seeAnswer(facts, 'other pages may be answered'),
    you('See what this address answers', 'Jira answers 401 there without a login, never 404', {
      command: readAnswer(`${origin(facts)}${pathAsked(answer)}`),
    }),
    askBase(facts),
  ]);

const pathAsked = (answer: Answer): string => (URL.canParse(answer.url) ? new URL(answer.url).pathname : '');

/** To quote to whoever runs what answered. */
function quoting(answer: Answer): string {
  const [first] = referencesOf(answer);
  return first === undefined ? '' : ` (${say(first, 90)})`;
}

/** A front of the server refused: only those who run it can let a program in. */
const throughFront = (facts: Facts, front: string, answer: Answer) =>
  upToSix([
    jiraAdmin(
      `Ask whoever runs ${front} for ${facts.host} to let this machine reach ${pathOf(facts)}/rest/${quoting(answer)}`,
      'it takes programs for bots, or refuses addresses it does not know; it finds the request by that number',
      `Please let our server reach ${pathOf(facts)}/rest/ on ${facts.host} through ${front}${quoting(answer)}: it refuses our requests before Jira sees them.`,
      {kind: 'allow'},
    ),
    seeAnswer(facts, 'worth attaching to the request; its page may name the rule'),
    jiraAdmin(
      'Ask whether there is another address for programs',
      'many companies have one inside their network, without the web firewall; the token stays the same',
      'Please tell us whether there is another address for programs, without the web firewall.',
    ),
    you('Find the address this machine is seen with, for the exception', 'the front knows only that one', {
      command: ownPublicAddress,
    }),
    you('Compare with a browser on this network', 'if it is refused as well, it is the address and not the program', {
      url: facts.url,
    }),
  ]);

/** A login of the web server's own, which would have to be given beside Jira's. */
const withoutLogin = (facts: Facts, wanted: string) =>
  upToSix([
    jiraAdmin(
      'Ask for an address of this Jira without the sign-in of the web server in front of it',
      `the answer asks for ${wanted}, which Jira itself never does`,
      'Please give us an address of this Jira without the sign-in of the web server in front of it.',
    ),
    jiraAdmin(
      `Or ask to except ${pathOf(facts)}/rest/, or this machine’s address, from that sign-in`,
      'a request carries one Authorization header: Jira’s and the web server’s do not fit into it',
      `Please except ${pathOf(facts)}/rest/ on ${facts.host}, or our server’s address, from the sign-in of the web server: a request carries one Authorization header only.`,
    ),
    seeAnswer(facts, 'WWW-Authenticate names the login that is asked for'),
    compareBrowser(facts),
  ]);

/** Something on this side answered, or nobody knows which side it is on. */
function throughFilter(facts: Facts, seen: Seen) {
  const atCloud = isAtlassianHost(facts.host);
  const answer = answerIn(seen);
  const known = answer !== null && filterOf(answer) !== null;
  return upToSix([
    // Only a name that leads elsewhere lets a plain web server answer for Atlassian.
    atCloud && !known && facts.proxy === null
      ? you(`See where ${facts.host} leads`, 'an old entry in /etc/hosts or DNS leads to another machine', {
          command: lookUp(facts.host),
        })
      : null,
    networkAdmin(
      `Ask to let this machine reach ${facts.host}:${facts.port} unfiltered${answer === null ? '' : quoting(answer)}`,
      unnamed(seen) ? 'a filter or portal answers instead of Jira' : `what answered: ${intercepter(seen)}`,
      `Please let our server reach ${facts.host}:${facts.port} unfiltered${answer === null ? '' : quoting(answer)}.`,
      {url: rangesPage(facts)},
    ),
    atCloud
      ? null
      : jiraAdmin(
          'Ask whether a web firewall in front of Jira blocks programs',
          'some refuse unknown User-Agents or addresses',
          'Please check whether a web firewall in front of Jira blocks programs.',
        ),
    seeAnswer(facts, 'the page’s words often name the filter and its rule'),
    facts.proxy === null
      ? you(
          'If this network has a proxy, use it: HTTPS_PROXY or --proxy http://HOST:PORT',
          'filters often block what does not come through it',
          {command: jirakey(facts, 'doctor'), remedy: 'proxy'},
        )
      : you('See whether it works without the proxy', `the answer may come from ${facts.proxy.address}`, {
          command: `NO_PROXY=${shellWord(facts.host)} ${retest({...facts, proxy: null})}`,
        }),
    onGuestNetwork,
  ]);
}

export const strangers = {
  intercepted: {
    ...site,
    concerns: 'network',
    again: 'may-help',
    remedies: ['proxy', 'retry'],
    stopsAtUrl: true,
    certainty: 'likely',
    title(facts, seen) {
      const answer = answerIn(seen);
      const name = unnamed(seen) ? '' : intercepter(seen);
      const status = answer === null ? '' : ` (${answer.status})`;
      const wanted = loginWanted(seen);
      if (wanted !== null) return `A web server in front of ${facts.host} asks for ${wanted}${status}: ${name}`;
      const front = answer === null || atAtlassian(answer) ? null : frontOf(answer);
      if (front !== null) return `${front} in front of ${facts.host} refused the request${status}`;
      return `Something between this machine and ${facts.host} answered instead of Jira${status}${name === '' ? '' : `: ${name}`}`;
    },
    proof:
      'The answer has no mark of Atlassian or Jira and looks like a block page, a captive portal or a web firewall, or asks for a login of a web server’s own. The token was not judged.',
    signal(seen, facts) {
      const answer = answerIn(seen);
      return answer !== null && intercepts(answer, seen, facts) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const wanted = loginWanted(seen);
      if (wanted !== null) return withoutLogin(facts, wanted);
      const atCloud = isAtlassianHost(facts.host);
      const front = answer === null ? null : frontOf(answer);
      // A front at an address that only Atlassian runs stands in no server's service: it is on the way, or the name leads there.
      return front !== null && !atCloud && answer !== null && filterOf(answer) === null
        ? throughFront(facts, front, answer)
        : throughFilter(facts, seen);
    },
  },
  'wrong-path': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    title(facts, seen) {
      const better = baseTold(seen, facts);
      if (better !== null) return `Jira is not at ${facts.url} but at ${better}`;
      const answer = answerIn(seen);
      if (answer !== null && foundBefore(answer, seen))
        return `${facts.url.replace(/^https?:\/\//, '')} is Jira, but has nothing at ${say(pathAsked(answer), 80)} (404)`;
      const path = pathOf(facts);
      if (isCloud(facts) && path === '') return `${facts.host} has no Jira API at its address (404)`;
      return path === ''
        ? `There is no Jira at the top of ${facts.host}: a path is missing, or too much of one is there`
        : `There is no Jira under ${path} on ${facts.host}`;
    },
    proof:
      'The answer was 404 from a proxy (“default backend”), a dead-link page, or “No endpoint”: the address has a path too many or too few.',
    signal(seen, facts) {
      const answer = answerIn(seen);
      if (answer === null || answer.status !== 404 || siblingOf(answer) !== null) return null;
      const early = answer.step === 'site' || answer.step === 'sign-in';
      const noEndpoint = /\bNo endpoint\b|dead link/i.test(bodyText(answer));
      return early || noEndpoint ? [...answerLines(answer), clean(`Asked below ${facts.url}`)] : null;
    },
    checklist(facts, seen) {
      const better = baseTold(seen, facts);
      const answer = answerIn(seen);
      if (better === null && answer !== null && foundBefore(answer, seen)) return halfOpen(facts, answer);
      const path = pathOf(facts);
      const top = origin(facts);
      const tryJira = readAnswer(`${top}/jira/rest/api/2/serverInfo`);
      return upToSix([
        better === null ? null : enter(facts, better, 'this Jira names it as its own address'),
        path === ''
          ? null
          : enter(
              facts,
              top,
              isCloud(facts)
                ? 'Jira Cloud is always at the top of its host'
                : `“${path}” may be a part of a page’s address`,
            ),
        path === '' && !isCloud(facts)
          ? you(`Try ${top}/jira`, 'an answer with “baseUrl” means that Jira is there; enter that address', {
              command: tryJira,
            })
          : null,
        compareBrowser(facts),
        askBase(facts),
        isCloud(facts)
          ? null
          : jiraAdmin(
              'Ask whether the reverse proxy passes /rest/ on to Jira',
              'some proxies pass on only the paths of the pages',
              'Please check whether the reverse proxy passes /rest/ on to Jira.',
            ),
      ]);
    },
  },
  'not-jira': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    title(facts, seen) {
      const answer = answerIn(seen);
      if (answer === null) return `What answers at ${facts.host} is not Jira`;
      const product = siblingOf(answer);
      if (answer.status === 421) return `${facts.host} reaches another virtual host of that server (421), not Jira`;
      return product === null
        ? `What answers at ${facts.host} is not Jira: ${say(whoAnswered(answer).name, 140)}`
        : `${product} answers at ${facts.host}, not Jira`;
    },
    proof: 'A whole answer came, and no header, page or JSON in it is Jira’s. No token was judged.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || answer.status < 200 || answer.status >= 500) return null;
      if (siblingOf(answer) !== null) return answerLines(answer);
      if (whoAnswered(answer).party !== 'other') return null;
      return answer.status < 300 || [400, 405, 406, 410, 421].includes(answer.status) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const product = answer === null ? null : siblingOf(answer);
      const better = baseTold(seen, facts);
      return upToSix([
        better === null ? null : enter(facts, better, 'Jira names it as its own address'),
        product === null ? probablyMeant(facts, 'that is how addresses of Jira Cloud look') : null,
        compareBrowser(facts),
        product === null
          ? you(
              `If your Jira is Cloud behind a domain of your own, enter ${siteForm(facts)}`,
              'tokens work only at the site’s own address',
              {command: edit(facts), remedy: 'field:url'},
            )
          : you(`Ask for the address of Jira; this is ${product}`, 'both are often on one host under different paths', {
              command: readAnswer(`${origin(facts)}/jira/rest/api/2/serverInfo`),
            }),
        askBase(facts),
        you('Ask the address itself what it is', 'a Jira answers with “baseUrl” and “version”', {
          command: readAnswer(`${facts.url}/rest/api/2/serverInfo`),
        }),
      ]);
    },
  },
} as const satisfies Rows;
