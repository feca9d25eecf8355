/** Reading evidence: which entry the verdict is about, what a refusal says, and the one-line forms shown to the user. */
import {type Clean, clean} from '../domain/clean.ts';
import {isAtlassianHost} from '../domain/clouds.ts';
import type {Answer, Evidence, Facts, Purpose, Seen, Trouble} from './evidence.ts';
import {
  filterOf,
  frontOf,
  header,
  isJira,
  json,
  nameless,
  property,
  referencesOf,
  siblingOf,
  whoAnswered,
} from './responder.ts';

// Second questions, asked to understand a refusal better. Their own failure is never the verdict.
const followUps: ReadonlySet<Purpose | null> = new Set<Purpose>([
  'tenant-info',
  'gateway-sign-in',
  'token-expiry',
  'status',
  'permissions-advisory',
]);

/**
 * The entry the verdict is about: the last one that is no follow-up question. A second try that broke is a break: it may
 * have passed. A gateway answer counts only where the site was not asked with the credential.
 */
export function subjectOf(seen: Seen): Evidence | null {
  const asked = (purpose: Purpose, before: number) => seen.slice(0, before).findLast(each => each.purpose === purpose);
  for (let at = seen.length - 1; at >= 0; at -= 1) {
    const each = seen[at];
    if (each === undefined) continue;
    const second =
      followUps.has(each.purpose) && (each.purpose === 'gateway-sign-in' ? asked('sign-in', at) !== undefined : at > 0);
    if (!second) return each;
  }
  return null;
}

export function answerIn(seen: Seen): Answer | null {
  const subject = subjectOf(seen);
  return subject?.kind === 'answer' ? subject : null;
}

export function troubleIn(seen: Seen): Trouble | null {
  const subject = subjectOf(seen);
  return subject?.kind === 'trouble' ? subject : null;
}

export const answersFor = (seen: Seen, purpose: Purpose): readonly Answer[] =>
  seen.filter((each): each is Answer => each.kind === 'answer' && each.purpose === purpose);

export const isSignIn = (answer: Answer): boolean =>
  answer.purpose === 'sign-in' || answer.purpose === 'sign-in-bearer' || answer.purpose === 'gateway-sign-in';
export const isFeed = (purpose: Purpose | null): boolean => purpose?.startsWith('feed-') ?? false;

export const isCloud = (facts: Facts): boolean => facts.deployment === 'cloud' || isAtlassianHost(facts.host);
export const isDataCenter = (facts: Facts): boolean =>
  facts.deployment === 'data-center' && !isAtlassianHost(facts.host);

/** The text of a body for matching words Atlassian does not translate. */
export function bodyText(answer: Answer): string {
  switch (answer.body.type) {
    case 'json':
    case 'text':
      return answer.body.text;
    case 'html':
      return `${answer.body.title} ${answer.body.text}`;
    default:
      return '';
  }
}

/** The values of X-Seraph-LoginReason, which may be a list such as "OUT, OK". */
export function seraphReasons(answer: Answer): readonly string[] {
  const value = header(answer, 'x-seraph-loginreason');
  if (value === null) return [];
  return value.split(',').map(each => each.trim().toUpperCase());
}

/**
 * Whether Jira says itself that nobody tried to sign in: the Authorization header did not arrive. The value of the header
 * is conclusive whatever the status.
 */
export function nobodyTried(answer: Answer): boolean {
  const reasons = seraphReasons(answer);
  return reasons.length > 0 && reasons.every(each => each === 'OUT' || each === 'ANONYMOUS');
}

/** Whether Jira names the account it refuses: then the credential resolved to somebody. */
export function namesAccount(answer: Answer): boolean {
  const name = (header(answer, 'x-ausername') ?? '').trim().toLowerCase();
  return (
    (name !== '' && name !== 'anonymous') ||
    header(answer, 'x-aaccountid') !== null ||
    seraphReasons(answer).includes('AUTHORISATION_FAILED')
  );
}

/** Whether an answer refuses a scope, and so accepts the token. */
export function scopeRefused(answer: Answer): boolean {
  if (answer.status !== 401 && answer.status !== 403) return false;
  const category = header(answer, 'x-failure-category') ?? '';
  return /\bFAILURE_CLIENT_SCOPE_CHECK\b/i.test(category) || /scope does not match/i.test(bodyText(answer));
}

const jiraRefusal = /^\W*Client must be authenticated to access this resource|AUTHENTICATED_FAILED/i;

/**
 * Whether a 401 is Jira's or Atlassian's own. A body in Jira's form counts only together with Atlassian's edge, or
 * where the same site has shown itself to be Jira before: some reverse proxies strip Jira's headers.
 */
export function refusedByAtlassian(answer: Answer, seen: Seen): boolean {
  const {party} = whoAnswered(answer);
  if (party === 'jira' || party === 'data-center' || party === 'gateway') return true;
  const value = json(answer);
  const shaped =
    property(value, 'status-code') === answer.status ||
    Array.isArray(property(value, 'errorMessages')) ||
    jiraRefusal.test(bodyText(answer));
  return shaped && (party === 'atlassian-edge' || knownAsJira(answer, seen));
}

/** Whether Jira itself has answered at this address earlier in the same test, by its marks or by the form of its refusal. */
export function knownAsJira(answer: Answer, seen: Seen): boolean {
  const origin = originOf(answer.url);
  return seen.some(
    each =>
      each !== answer &&
      each.kind === 'answer' &&
      originOf(each.url) === origin &&
      (isJira(each) || (isLook(each) && answersAsJira(each))),
  );
}

const isLook = ({purpose}: Answer): boolean => purpose === 'look' || purpose === 'look-myself';

/**
 * Whether an anonymous `/myself` is what a Jira gives: an account, a refusal with Jira's marks, or, where a reverse proxy
 * has taken the marks away, a 401 in Jira's words or form that asks for no other kind of login.
 */
export function answersAsJira(answer: Answer): boolean {
  if (siblingOf(answer) !== null) return false;
  if (answer.status === 200) return isJira(answer);
  if (answer.status !== 401 && answer.status !== 403) return false;
  if (isJira(answer)) return true;
  const {party} = whoAnswered(answer);
  if (answer.status === 403) return party === 'atlassian-edge' && answer.body.type === 'json';
  if (party === 'atlassian-edge') return true;
  return !asksForLogin(answer) && saysLogIn(answer);
}

/** Whether a web server or gate wants a login of its own: Jira's challenge is OAuth, never one of these. */
export const asksForLogin = (answer: Answer): boolean =>
  /\b(?:Basic|Negotiate|NTLM|Digest)\b/i.test(header(answer, 'www-authenticate') ?? '');

/**
 * Whether something else than Jira has refused or diverted a request: no mark of Jira, and the look of a page, a known
 * filter or a gate. Such an answer says nothing about the account.
 */
export function isStranger(answer: Answer): boolean {
  if (whoAnswered(answer).party !== 'other') return false;
  const {status, body} = answer;
  if (status >= 300 && status <= 399) return header(answer, 'location') !== null;
  if (status === 407 || status === 511) return true;
  const refused = status === 401 || status === 403;
  const challenge = header(answer, 'www-authenticate');
  const gate = challenge !== null && !/\bOAuth\b/i.test(challenge);
  const kept = filterOf(answer) !== null || frontOf(answer) !== null || gate;
  return (refused || status === 200) && (body.type === 'html' || (refused && kept));
}

function saysLogIn({body}: Answer): boolean {
  if (body.type === 'empty' || body.type === 'html') return false;
  if (/Client must be authenticated to access this resource/i.test(body.text)) return true;
  if (body.type !== 'json') return false;
  const {value} = body;
  return Array.isArray(property(value, 'errorMessages')) || property(value, 'status-code') === 401;
}

export function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** The trace id to quote to support: Atlassian's on Cloud, the request id elsewhere. */
export function traceOf(answer: Answer): Clean | null {
  return header(answer, 'atl-traceid') ?? header(answer, 'atl-request-id') ?? header(answer, 'x-arequestid');
}

/** Whole seconds from `Retry-After` (seconds or a date, RFC 9110 §10.2.3), null when absent, zero or unreadable. */
export function retryAfter(answer: Answer, now: Date): number | null {
  const value = header(answer, 'retry-after')?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now.getTime()) / 1000);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

const short = (url: string): string => url.replace(/^https?:\/\//, '').replace(/[?#].*$/, '');

/** Headers worth showing when they are there, in the order they are shown. */
const shownHeaders: readonly (readonly [key: string, shown: string])[] = [
  ['server', 'Server'],
  ['x-seraph-loginreason', 'X-Seraph-LoginReason'],
  ['x-authentication-denied-reason', 'X-Authentication-Denied-Reason'],
  ['x-failure-category', 'X-Failure-Category'],
  ['x-ausername', 'X-AUSERNAME'],
  ['www-authenticate', 'WWW-Authenticate'],
  ['location', 'Location'],
  ['via', 'Via'],
  ['retry-after', 'Retry-After'],
  ['ratelimit-reason', 'RateLimit-Reason'],
  ['atl-missing-tcs', 'Atl-Missing-Tcs'],
  ['atl-traceid', 'Atl-TraceId'],
  ['x-arequestid', 'X-ARequestId'],
];

/** An answer as lines of evidence: status and address, who answered with telling headers, the body's first words. */
export function answerLines(answer: Answer): readonly Clean[] {
  const reason = answer.reason === '' ? '' : ` ${answer.reason}`;
  const lines = [clean(`HTTP ${answer.status}${reason} from ${short(answer.url)}`)];
  lines.push(...answeredBy(answer));
  const words = wordsOf(answer);
  if (words !== '') lines.push(clean(`It says: “${words}”`));
  if (whoAnswered(answer).party === 'other') {
    const sentence = firstSentence(answer);
    if (sentence !== '') lines.push(clean(`Its first words: “${sentence}”`));
    const references = referencesOf(answer);
    if (references.length > 0) lines.push(clean(`To quote to whoever runs it: ${references.join(' · ')}`, 400));
  }
  return lines;
}

/** Who gave an answer and how that is known, with the headers that tell more; no answer is shown without it. */
function answeredBy(answer: Answer): readonly Clean[] {
  const {party, marks, name} = whoAnswered(answer);
  const told = shownHeaders.flatMap(([key, shown]) => {
    const value = header(answer, key);
    return value === null || value === '' ? [] : [`${shown}: ${clean(value, 140)}`];
  });
  if (party !== 'other') {
    const headers = new Set(told.map(headerOf));
    // The request id is the trace id once more, in another spelling.
    const again = headers.has('atl-traceid') ? 'atl-request-id' : '';
    const others = marks.filter(mark => !headers.has(headerOf(mark)) && headerOf(mark) !== again);
    const first = marks.map(headerOf);
    const known = told.toSorted((one, other) => rank(first, one) - rank(first, other));
    return [clean([`Answered by ${name}`, ...known, ...others].join(' · '), 500)];
  }
  const who = name === nameless ? 'something that does not say what it is' : name;
  const more = told.filter(each => !name.includes(each));
  return [
    clean(`Answered by ${who}: no mark of Atlassian or Jira`, 300),
    ...(more.length === 0 ? [] : [clean(more.join(' · '), 400)]),
  ];
}

/** The name of a header of which “Name: value” is said; another kind of mark is its own name. */
const headerOf = (mark: string): string => mark.split(':', 1)[0]?.toLowerCase() ?? mark;

/** Marks stand before what is no mark, in their order. */
function rank(first: readonly string[], header: string): number {
  const at = first.indexOf(headerOf(header));
  return at < 0 ? first.length : at;
}

/** The first words of a body as shown to the user; of a page, its title. */
export function wordsOf(answer: Answer): Clean {
  if (answer.body.type === 'html' && answer.body.title !== '') return clean(answer.body.title, 120);
  const value = json(answer);
  const messages = property(value, 'errorMessages');
  const message = Array.isArray(messages) ? messages[0] : (property(value, 'message') ?? property(value, 'error'));
  return clean(typeof message === 'string' && message !== '' ? message : bodyText(answer), 160);
}

/** The first sentence of a page beside its title, where it has one. */
function firstSentence({body}: Answer): Clean {
  if (body.type !== 'html' || body.title === '') return clean('');
  const text = body.text.replace(body.title, '').trim();
  return clean(/^.{1,200}?[.!?](?=\s|$)/.exec(text)?.[0] ?? text, 160);
}

/** Codes of our own that say no more than their message does; Node's are worth searching for. */
const ownWords: ReadonlySet<string> = new Set(['TLS_SPOKEN', 'PROXY_REFUSED', 'PROXY_UNUSABLE', 'NOT_A_PROXY']);

/** A broken connection as lines of evidence: what broke, the addresses tried, the proxy in use. */
export function troubleLines(trouble: Trouble): readonly Clean[] {
  const place = trouble.host === '' ? '' : ` (${bracketed(trouble.host)}:${trouble.port})`;
  const named = ownWords.has(trouble.code) && trouble.message !== '' ? '' : `${trouble.code}: `;
  const lines = [clean(`${named}${trouble.message}${place}`)];
  if (trouble.attempts.length > 0) {
    lines.push(clean(`Tried ${trouble.attempts.map(each => `${each.address} (${each.code})`).join(', ')}`));
  }
  if (trouble.proxy !== null)
    lines.push(clean(`Through the proxy ${trouble.proxy.address} (${trouble.proxy.because})`));
  const said = proxyWords(trouble);
  if (said !== '') lines.push(said);
  return lines;
}

/** The proxy's own words: its answer to CONNECT, or what it said that was none. */
function proxyWords({proxyAnswer, spoken, stage}: Trouble): Clean {
  if (proxyAnswer === null)
    return clean(stage === 'proxy' && spoken !== null ? `What answered began with: “${spoken}”` : '');
  const {status, reason, server, wants = '', detail = '', location = '', page = ''} = proxyAnswer;
  const told = [
    `${status}${reason === '' ? '' : ` ${reason}`}`,
    server === '' ? '' : `Server: ${server}`,
    wants === '' ? '' : `Proxy-Authenticate: ${wants}`,
    detail === '' ? '' : `X-Squid-Error: ${detail}`,
    location === '' ? '' : `Location: ${location}`,
    page === '' ? '' : `its page: “${page}”`,
  ];
  return clean(`The proxy said: ${told.filter(part => part !== '').join(' · ')}`, 400);
}

export const linesOf = (evidence: Evidence): readonly Clean[] =>
  evidence.kind === 'answer' ? answerLines(evidence) : troubleLines(evidence);

/** A host as it stands in an address: IPv6 in brackets. */
export const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** The newest `Date` header seen on any answer, with the host that gave it. */
export function serverClock(seen: Seen): Readonly<{time: Date; host: string}> | null {
  for (const each of seen.toReversed()) {
    const value = each.kind === 'answer' ? header(each, 'date') : null;
    const time = value === null ? Number.NaN : Date.parse(value);
    if (each.kind === 'answer' && Number.isFinite(time)) {
      return {time: new Date(time), host: URL.canParse(each.url) ? new URL(each.url).host : each.url};
    }
  }
  return null;
}
