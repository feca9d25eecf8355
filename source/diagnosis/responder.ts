/**
 * Who gave an answer: Jira itself, Atlassian's edge or gateway in front of it, or something that is neither. Only an
 * answer with Jira's or Atlassian's own marks may say anything about a credential.
 */
import {type Clean, clean} from '../domain/clean.ts';
import {isAtlassianHost} from '../domain/clouds.ts';
import type {Deployment} from '../domain/credential.ts';
import type {Answer} from './evidence.ts';

export type Party = 'atlassian-edge' | 'gateway' | 'data-center' | 'jira' | 'other';
export type Identity = Readonly<{party: Party; marks: readonly Clean[]; name: Clean}>;

/** A header's value by name in any case, or null. */
export function header(answer: Answer, name: string): Clean | null {
  const wanted = name.toLowerCase();
  const direct = answer.headers[wanted];
  if (direct !== undefined) return direct;
  for (const [key, value] of Object.entries(answer.headers)) if (key.toLowerCase() === wanted) return value;
  return null;
}

/** One property of something that may be anything. */
export function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

export const json = (answer: Answer): unknown => (answer.body.type === 'json' ? answer.body.value : undefined);

const isText = (value: unknown): value is string => typeof value === 'string';

/** Headers that Atlassian's Cloud puts on answers of its own: those in use, first, and every other of that prefix. */
const edgeHeaders = ['atl-traceid', 'atl-request-id', 'atl-missing-tcs'];
const edgePrefix = 'atl-';
/** What its machines call themselves, seen over the years: AtlassianEdge, Atlassian Proxy/0.1, globaledge-envoy. */
const edgeServer = /^(?:Atlassian|globaledge)/i;
/** Headers that only Jira's own code writes; the first is on Cloud and Data Center alike. */
const jiraHeaders = ['x-arequestid', 'x-aaccountid', 'x-seraph-loginreason', 'x-authentication-denied-reason'];
const dataCenterHeaders = ['x-anodeid', 'x-asessionid', 'x-ausername'];
// Confluence and its siblings share Seraph and most X-A… headers with Jira; these they have alone.
const siblings: readonly (readonly [header: string, product: string])[] = [
  ['x-confluence-request-time', 'Confluence'],
  ['x-confluence-cluster-node', 'Confluence'],
  ['x-bamboo-request-id', 'Bamboo'],
];

/** The packages of Jira's siblings, as their errors name them. */
const thrownBy: Readonly<Record<string, string>> = {
  bitbucket: 'Bitbucket',
  stash: 'Bitbucket',
  confluence: 'Confluence',
  bamboo: 'Bamboo',
  crowd: 'Crowd',
  fecru: 'Fisheye',
};

const markOf = (answer: Answer, name: string): readonly Clean[] => {
  const value = header(answer, name);
  return value === null ? [] : [clean(`${canonical(name)}: ${value}`, 120)];
};

const canonical = (name: string): string =>
  ({
    'x-arequestid': 'X-ARequestId',
    'x-aaccountid': 'X-AAccountId',
    'x-anodeid': 'X-ANODEID',
    'x-asessionid': 'X-ASESSIONID',
    'x-ausername': 'X-AUSERNAME',
    'x-seraph-loginreason': 'X-Seraph-LoginReason',
    'atl-traceid': 'Atl-TraceId',
    'www-authenticate': 'WWW-Authenticate',
  })[name] ?? name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

/** The product that answered in Jira's stead, by a mark that only it has. */
export function siblingOf(answer: Answer): string | null {
  for (const [name, product] of siblings) if (header(answer, name) !== null) return product;
  const title = answer.body.type === 'html' ? answer.body.title : '';
  const titled = /\b(Confluence|Bitbucket|Bamboo)$/.exec(title)?.[1];
  if (titled !== undefined) return titled;
  // An error in JSON names the Java class that was thrown.
  const thrown = answer.body.type === 'json' ? /com\.atlassian\.(\w+)\./.exec(answer.body.text)?.[1] : undefined;
  return thrown === undefined ? null : (thrownBy[thrown] ?? null);
}

function edgeMarks(answer: Answer): readonly Clean[] {
  const server = header(answer, 'server');
  const named = server !== null && edgeServer.test(server) ? [clean(`Server: ${server}`, 120)] : [];
  const others = Object.keys(answer.headers).filter(
    name => name.toLowerCase().startsWith(edgePrefix) && !edgeHeaders.includes(name.toLowerCase()),
  );
  return [...named, ...[...edgeHeaders, ...others].flatMap(name => markOf(answer, name))];
}

/** Bodies of a success that only Jira writes: `serverInfo` and `/myself`. Errors are never recognised by their body. */
function bodyMarks(answer: Answer): readonly Clean[] {
  if (answer.status !== 200) return [];
  const value = json(answer);
  const isServerInfo =
    isText(property(value, 'version')) &&
    isText(property(value, 'baseUrl')) &&
    property(value, 'buildNumber') !== undefined;
  if (isServerInfo || (isText(property(value, 'deploymentType')) && isText(property(value, 'version')))) {
    return [clean('the body is Jira’s serverInfo')];
  }
  return accountIn(value) ? [clean('the body is a Jira account')] : [];
}

/** Whether a `/myself` body names an account: Cloud by `accountId`, Data Center by `key` or `name`. */
export function accountIn(value: unknown): boolean {
  const id = property(value, 'accountId') ?? property(value, 'key') ?? property(value, 'name');
  const named = isText(id) && id !== '' && id.toLowerCase() !== 'anonymous';
  return named && (isText(property(value, 'displayName')) || typeof property(value, 'active') === 'boolean');
}

function jiraMarks(answer: Answer): readonly Clean[] {
  if (siblingOf(answer) !== null) return [];
  // Jira's own challenge carries its base address percent-encoded as the realm; it never offers Basic.
  const challenge = header(answer, 'www-authenticate');
  const offered =
    challenge !== null && /\bOAuth\s+realm="?https?%3A%2F%2F/i.test(challenge)
      ? [clean(`WWW-Authenticate: ${challenge}`, 120)]
      : [];
  const names = [...jiraHeaders, ...dataCenterHeaders];
  return [...names.flatMap(name => markOf(answer, name)), ...offered, ...bodyMarks(answer)];
}

function atGateway(answer: Answer): boolean {
  return /^https?:\/\/api\.atlassian\.com(?::\d+)?(?:\/|$)/i.test(answer.url) || /\/ex\/jira\//.test(answer.url);
}

/** The gateway's refusals lack X-ARequestId; they carry a failure category or `{"code":401,"message":…}`. */
function gatewayMarks(answer: Answer): readonly Clean[] {
  const category = markOf(answer, 'x-failure-category');
  if (!atGateway(answer) && category.length === 0) return [];
  const value = json(answer);
  // A bad pair is told by the one word; TLS has proven that api.atlassian.com said it.
  const bare = answer.status === 401 && answer.body.type === 'text' && /^\W*unauthorized\W*$/i.test(answer.body.text);
  const shaped = bare || (typeof property(value, 'code') === 'number' && isText(property(value, 'message')));
  return [...category, ...edgeMarks(answer), ...(shaped ? [clean('the body has the gateway’s form')] : [])];
}

/** Filters of the client's own network, by what they write into headers and titles. */
const filters: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/zscaler/i, 'Zscaler'],
  [/squid/i, 'Squid proxy'],
  [/blue\s?coat|proxysg/i, 'Symantec ProxySG'],
  [/forti(?:gate|guard|net|web|proxy)/i, 'Fortinet'],
  [/palo alto|globalprotect|pan-os/i, 'Palo Alto Networks'],
  [/websense|forcepoint/i, 'Forcepoint'],
  [/mcafee|skyhigh|\bmwg\b/i, 'Skyhigh (McAfee) web gateway'],
  [/opendns|umbrella/i, 'Cisco Umbrella (OpenDNS)'],
  [/ironport/i, 'Cisco'],
  [/netskope/i, 'Netskope'],
  [/sophos/i, 'Sophos'],
  [/check ?point|usercheck/i, 'Check Point'],
  [/sonicwall/i, 'SonicWall'],
  [/web ?filter/i, 'web filter'],
];
/** Networks and firewalls that stand in front of servers. They pass most requests on, so they matter only in a refusal. */
const fronts: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/cloudflare/i, 'Cloudflare'],
  [/incapsula|imperva/i, 'Imperva'],
  [/akamai/i, 'Akamai'],
  [/azure/i, 'Microsoft Azure'],
  [/big-?ip|\bf5\b/i, 'F5 BIG-IP'],
  [/awselb|cloudfront/i, 'Amazon (load balancer, CloudFront or WAF)'],
  [/barracuda/i, 'Barracuda'],
  [/ddos-?guard/i, 'DDoS-Guard'],
  [/qrator/i, 'Qrator'],
  [/stormwall/i, 'StormWall'],
  [/netscaler|^ns-cache/im, 'Citrix NetScaler'],
  [/fastly/i, 'Fastly'],
  [/google frontend|^gws$|^gse$/im, 'Google Cloud'],
  [/tengine|aliyun|yundun/i, 'Alibaba Cloud'],
  [/edgecast|edgio/i, 'Edgio'],
  [/reblaze/i, 'Reblaze'],
  [/radware|appwall/i, 'Radware'],
  [/kasada|perimeterx|human security/i, 'a bot filter'],
  [/datadome|sucuri|mod_?security|wallarm|wordfence|\bwaf\b/i, 'web application firewall'],
];
const tellingHeaders = [
  'server',
  'via',
  'x-squid-error',
  'x-cache',
  'proxy-agent',
  'x-bluecoat-via',
  'x-cdn',
  'x-served-by',
  'x-waf-event-info',
];

/** Headers that only one of the fronts writes. */
const frontHeaders: readonly (readonly [header: string, name: string])[] = [
  ['cf-ray', 'Cloudflare'],
  ['cf-mitigated', 'Cloudflare'],
  ['x-iinfo', 'Imperva'],
  ['x-amzn-waf-action', 'Amazon (AWS WAF)'],
  ['x-azure-ref', 'Microsoft Azure Front Door'],
  ['x-akamai-request-id', 'Akamai'],
  ['x-sucuri-id', 'Sucuri'],
  ['x-datadome', 'DataDome'],
  ['x-rbz-id', 'Reblaze'],
  ['x-px-block', 'a bot filter'],
];

/** How a page or a line of text begins: its title and its first words, where the one who made it says who that is. */
export function openingOf({body}: Answer): string {
  if (body.type === 'html') return `${body.title}\n${body.text.slice(0, 400)}`;
  return body.type === 'text' ? body.text.slice(0, 400) : '';
}

/** Whether a refusal names a front in its own words: the front made it then, and did not merely pass it on. */
export const frontSpeaks = (answer: Answer): boolean =>
  isRefusal(answer) && fronts.some(([pattern]) => pattern.test(openingOf(answer)));

/** 4xx, but for what is no judgement on the request: not found, misdirected, too many. */
const isRefusal = ({status}: Answer): boolean =>
  status >= 400 && status < 500 && ![404, 410, 421, 429].includes(status);

function named(answer: Answer, among: typeof filters): string | null {
  // On a page of success any word may stand for anything; a refusal begins with who refuses.
  const title = isRefusal(answer) ? openingOf(answer) : answer.body.type === 'html' ? answer.body.title : '';
  const location = header(answer, 'location');
  const target = location !== null && URL.canParse(location) ? new URL(location).hostname : '';
  const said = [...tellingHeaders.map(name => header(answer, name) ?? ''), title, target].join('\n');
  return among.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}

/** The known filter of the client's network that an answer gives away, or null. */
export const filterOf = (answer: Answer): string | null =>
  header(answer, 'x-squid-error') === null ? named(answer, filters) : 'Squid proxy';

/** The known network or firewall in front of servers that an answer gives away, or null. */
export function frontOf(answer: Answer): string | null {
  const own = frontHeaders.find(([name]) => header(answer, name) !== null);
  // The words of a page every F5 device sends.
  const rejected = answer.body.type === 'html' && /your support id is/i.test(answer.body.text) ? 'F5 BIG-IP' : null;
  return own?.[1] ?? named(answer, fronts) ?? rejected;
}

/** Headers under which the one who answered finds this request again. */
const referenceHeaders = ['cf-ray', 'x-iinfo', 'x-azure-ref', 'x-akamai-request-id', 'x-amzn-requestid', 'x-amz-cf-id'];
const shownReference: Readonly<Record<string, string>> = {
  'cf-ray': 'CF-RAY',
  'x-azure-ref': 'x-azure-ref',
  'x-amzn-requestid': 'x-amzn-RequestId',
  'x-iinfo': 'X-Iinfo',
};
/** Numbers that block pages ask to be quoted, in the forms the fronts use. */
const quoted =
  /\b(?:support id(?: is)?|incident id|event id|ray id|request id|reference(?: id| number)?|ref(?:erence)? ?#|error ref)\s*[:#]?\s*#?\s*([\w.-]*\d[\w.-]{5,80})/gi;

/** What to quote to the one who runs a front or a filter, as “Name: value”. */
export function referencesOf(answer: Answer): readonly Clean[] {
  const headers = referenceHeaders.flatMap(name => {
    const value = header(answer, name);
    return value === null ? [] : [clean(`${shownReference[name] ?? name}: ${value}`, 140)];
  });
  const {body} = answer;
  const text = body.type === 'html' || body.type === 'text' ? body.text : '';
  const said = [...text.matchAll(quoted)].slice(0, 2).map(match => clean(match[0], 120));
  return [...headers, ...said];
}

/** Whether a front wants a browser, or says in words that it refused, though the status is that of a success. */
export const challenges = (answer: Answer): boolean =>
  header(answer, 'x-amzn-waf-action') !== null ||
  header(answer, 'cf-mitigated') !== null ||
  (frontOf(answer) !== null && answer.body.type === 'html' && new RegExp(quoted.source, 'i').test(answer.body.text));

/** In place of a name where an answer gives none. */
export const nameless = 'it does not say what it is';

/** What an answer calls itself: Server, page title, Via; the words of the other side, cleaned. */
function nameOf(answer: Answer): Clean {
  const server = header(answer, 'server');
  const via = header(answer, 'via');
  const title = answer.body.type === 'html' && answer.body.title !== '' ? `page “${clean(answer.body.title, 80)}”` : '';
  const parts = [
    siblingOf(answer) ?? filterOf(answer) ?? frontOf(answer) ?? '',
    title,
    server === null ? '' : `Server: ${clean(server, 60)}`,
    via === null ? '' : `Via: ${clean(via, 60)}`,
  ];
  return clean(parts.filter(part => part !== '').join(', ') || nameless);
}

/**
 * Says who gave an answer and by which marks.
 * @returns `jira` and `data-center` when Jira's own code answered; `gateway` and `atlassian-edge` when Atlassian's
 * machines in front of it did; `other` when nothing shows either.
 */
export function whoAnswered(answer: Answer): Identity {
  const edge = edgeMarks(answer);
  const jira = jiraMarks(answer);
  const gateway = gatewayMarks(answer);
  const name = nameOf(answer);
  if (jira.length > 0) {
    const own = dataCenterHeaders.some(each => header(answer, each) !== null) || saysServer(answer);
    const party = own && edge.length === 0 && !atGateway(answer) ? 'data-center' : 'jira';
    return {party, marks: [...jira, ...edge], name: clean(party === 'jira' ? 'Jira' : 'Jira Data Center')};
  }
  if (gateway.length > 0) return {party: 'gateway', marks: gateway, name: clean('Atlassian’s gateway')};
  if (edge.length > 0) return {party: 'atlassian-edge', marks: edge, name: clean('Atlassian’s edge')};
  return {party: 'other', marks: [], name};
}

/** Whether Jira's own code gave this answer. */
export function isJira(answer: Answer): boolean {
  const {party} = whoAnswered(answer);
  return party === 'jira' || party === 'data-center';
}

function saysServer(answer: Answer): boolean {
  const type = property(json(answer), 'deploymentType');
  return isText(type) && /^(server|data ?center)$/i.test(type);
}

/**
 * Cloud or Data Center, from what was seen: what `serverInfo` says, then headers only one of them has, then the host.
 * @returns null when nothing tells
 */
export function deploymentOf(answers: readonly Answer[], site: Readonly<{host: string}>): Deployment | null {
  if (isAtlassianHost(site.host)) return 'cloud';
  for (const answer of answers) {
    const type = property(json(answer), 'deploymentType');
    if (isText(type) && /^cloud$/i.test(type)) return 'cloud';
    if (saysServer(answer)) return 'data-center';
  }
  for (const answer of answers) {
    const {party} = whoAnswered(answer);
    if (party === 'data-center') return 'data-center';
    if (party !== 'other' && edgeMarks(answer).length > 0) return 'cloud';
    if (header(answer, 'x-aaccountid') !== null) return 'cloud';
  }
  return null;
}
