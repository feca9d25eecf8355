/** Evidence as the connection room would make it, for tables of cases. */
import type {Answer, Body, CertificateFacts, Facts, Purpose, Trouble} from '../../source/diagnosis/evidence.ts';
import {exampleFacts} from '../../source/diagnosis/explain.ts';
import {clean} from '../../source/domain/clean.ts';
import type {StepId} from '../../source/domain/step.ts';

export const now = new Date('2026-11-23T02:00:00Z');

export const cloud: Facts = {...exampleFacts, now, name: null};
export const dataCenter: Facts = {
  ...cloud,
  url: clean('https://jira.acme.example/jira'),
  host: clean('jira.acme.example'),
  username: clean('you'),
  deployment: 'data-center',
  tokenKind: 'unknown',
  cloudId: null,
};
export const proxied = (facts: Facts): Facts => ({
  ...facts,
  proxy: {address: clean('http://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')},
});

export const asJson = (value: unknown): Body => ({type: 'json', value, text: clean(JSON.stringify(value))});
export const asHtml = (title: string, text = '', leadsTo?: string): Body => ({
  type: 'html',
  title: clean(title),
  text: clean(text),
  ...(leadsTo === undefined ? {} : {leadsTo: clean(leadsTo)}),
});
export const asText = (text: string): Body => ({type: 'text', text: clean(text)});

type AnswerParts = Partial<{
  status: number;
  headers: Record<string, string>;
  body: Body;
  url: string;
  step: StepId;
  purpose: Purpose;
  reason: string;
}>;

const stepOf = (purpose: Purpose): StepId =>
  purpose.startsWith('feed-')
    ? 'feeds'
    : purpose.startsWith('permissions')
      ? 'permissions'
      : purpose === 'look' || purpose === 'look-myself' || purpose === 'status'
        ? 'site'
        : 'sign-in';

export function answer({
  status = 200,
  headers = {},
  body = {type: 'empty'},
  purpose = 'look',
  ...rest
}: AnswerParts): Answer {
  const gateway = purpose === 'gateway-sign-in';
  const base = gateway
    ? 'https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555'
    : 'https://acme.atlassian.net';
  return {
    kind: 'answer',
    step: rest.step ?? stepOf(purpose),
    purpose,
    url: clean(rest.url ?? `${base}/rest/api/2/${purpose === 'look' ? 'serverInfo' : 'myself'}`),
    status,
    reason: clean(rest.reason ?? ''),
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, clean(value)])),
    body,
    ms: 12,
  };
}

type TroubleParts = Partial<Omit<Trouble, 'kind' | 'message' | 'host' | 'spoken' | 'attempts'>> &
  Partial<{message: string; host: string; spoken: string; attempts: readonly (readonly [string, string])[]}>;

export function trouble(code: string, parts: TroubleParts = {}): Trouble {
  const {message = '', host = 'acme.atlassian.net', spoken, attempts = [], ...rest} = parts;
  return {
    kind: 'trouble',
    step: 'connect',
    purpose: null,
    stage: 'connect',
    code,
    port: 443,
    proxy: null,
    proxyAnswer: null,
    chain: [],
    ms: 5,
    ...rest,
    message: clean(message),
    host: clean(host),
    spoken: spoken === undefined ? null : clean(spoken),
    attempts: attempts.map(([address, each]) => ({address: clean(address), code: each})),
  };
}

type CertificateParts = Partial<
  Readonly<{
    subject: string;
    issuer: string;
    from: string;
    to: string;
    names: readonly string[];
    selfSigned: boolean;
    issuerUrl: string | null;
  }>
>;

export function certificate(parts: CertificateParts = {}): CertificateFacts {
  return {
    subject: clean(parts.subject ?? 'CN=acme.atlassian.net'),
    issuer: clean(parts.issuer ?? 'CN=Amazon RSA 2048 M02, O=Amazon, C=US'),
    validFrom: parts.from ?? '2026-09-01T00:00:00.000Z',
    validTo: parts.to ?? '2027-03-01T00:00:00.000Z',
    names: (parts.names ?? ['acme.atlassian.net']).map(each => clean(each)),
    selfSigned: parts.selfSigned ?? false,
    fingerprint256: 'AA:BB',
    issuerUrl: parts.issuerUrl === undefined || parts.issuerUrl === null ? null : clean(parts.issuerUrl),
  };
}

/** Headers Atlassian's edge writes on every answer of its own. */
export const edge = {server: 'AtlassianEdge', 'atl-traceid': '0123456789abcdef0123456789abcdef'};
/** … and those of Jira behind it. */
export const jiraCloud = {...edge, 'x-arequestid': '9f8e7d6c'};
export const jiraServer = {'x-arequestid': '120x1x1', 'x-anodeid': 'node1', 'x-ausername': 'anonymous'};
export const challenge = {'www-authenticate': 'OAuth realm="https%3A%2F%2Facme.atlassian.net"'};
export const failedLogin = {'x-seraph-loginreason': 'AUTHENTICATED_FAILED'};
export const mustBeAuthenticated = 'Client must be authenticated to access this resource.';
