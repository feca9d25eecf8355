/** Something that is neither Jira nor Atlassian answers: a filter on the way, or a front of the server. */
import type {Clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  asksForLogin,
  bodyText,
  isSignIn,
  knownAsJira,
  refusedByAtlassian,
} from '../evidence-reading.ts';
import {
  challenges,
  filterOf,
  frontOf,
  frontSpeaks,
  header,
  nameless,
  openingOf,
  referencesOf,
  siblingOf,
  whoAnswered,
} from '../responder.ts';
import {jiraAdmin, jirakey, lookUp, networkAdmin, ownPublicAddress, retest, say, you} from './actions.ts';
import {compareBrowser, onGuestNetwork, pathOf, redirectIn, seeAnswer, site} from './address-parts.ts';
import {rangesPage} from './checklist-pages.ts';
import {type Rows, upToSix} from './row.ts';

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
  const known =
    filterOf(answer) !== null || frontSpeaks(answer) || challenges(answer) || (blocks(answer) && !deniedByJira(answer));
  const instead = atAtlassian(answer)
    ? // Some proxies take the marks away and leave the words of a Jira that showed itself a moment ago.
      !refusedByAtlassian(answer, seen)
    : known && !away && answer.status !== 407;
  return instead ? answerLines(answer) : null;
}

/**
 * A page that says it blocks, or that it wants to see a person first. A 5xx titled as a proxy's error is that of the
 * server's own reverse proxy.
 */
const blocks = (answer: Answer): boolean =>
  answer.status === 451 ||
  (answer.body.type === 'html' &&
    (wantsPerson.test(openingOf(answer)) ||
      (blockPage.test(answer.body.title) && !(answer.status >= 500 && /proxy/i.test(answer.body.title)))));

const wantsPerson =
  /\bnot a (?:bot|robot)\b|\bchecking your browser\b|\bverify(?:ing)? (?:that )?you(?:'re| are)? (?:a )?human\b|\bhuman verification\b|\benable javascript and cookies to continue\b|\bddos protection by\b/i;

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
  if ((status === 401 || status === 403) && isSignIn(answer) && knownAsJira(answer, seen)) {
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
  /\b(?:access (?:is |has been )?(?:denied|blocked|restricted)|blocked|web ?gateway|content filter|policy violation|captive|hotspot|guest (?:wi-?fi|network)|wi-?fi|firewall|proxy (?:error|server)|attention required|just a moment|forbidden by|request rejected|zugriff verweigert|gesperrt|acc[eè]s (?:refus\S*|interdit)|acceso denegado|bloqueado|acesso negado|accesso negato|bloccat[oa]|geblokkeerd|zablokowan\w*|engellendi|blockerad)\b|(?:заблокирован|доступ (?:запрещ|ограничен)|ブロックされ|アクセスが拒否|アクセス制限|访问被拒绝|已被阻止|已被拦截|封鎖|拒絕存取|차단)/i;

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

export const interception = {
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
} as const satisfies Rows;
