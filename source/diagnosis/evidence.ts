/**
 * What a step of the connection test saw, as plain data. The module of the connection makes it, the catalogue reads it; a
 * failure is decided from nothing else.
 */

import type {Clean} from '../domain/clean.ts';
import type {RunSettings} from '../domain/command-line.ts';
import type {Connector, Deployment, Route, Scheme} from '../domain/credential.ts';
import type {StoreProblem} from '../domain/fault.ts';
import type {StepId} from '../domain/step.ts';
import type {DoubtKind, TokenLint} from '../domain/token.ts';
import type {TokenKind} from '../domain/token-shape.ts';
import type {ProxyUse} from './proxy-use.ts';

/** What a request was for. `look` and `look-myself` carry no credential. */
export type Purpose =
  | 'look'
  | 'look-myself'
  | 'status'
  | 'tenant-info'
  | 'sign-in'
  | 'sign-in-bearer'
  | 'gateway-sign-in'
  | 'token-expiry'
  | 'permissions'
  | 'permissions-advisory'
  | `feed-${FeedId}`;

export const feedIds = [
  'projects',
  'issues',
  'users',
  'groups',
  'versions',
  'components',
  'boards',
  'sprints',
  'configuration',
] as const;
export type FeedId = (typeof feedIds)[number];

export type Body =
  | Readonly<{type: 'json'; value: unknown; text: Clean}>
  /**
   * `login`: where a form of single sign-on in the page posts itself to. `leadsTo`: where the page sends its browser by
   * itself, by a refresh, a script or a frame.
   */
  | Readonly<{type: 'html'; title: Clean; text: Clean; login?: Clean; leadsTo?: Clean}>
  | Readonly<{type: 'text'; text: Clean}>
  | Readonly<{type: 'empty'}>;

/** An HTTP answer. Header names are lower-case, repeated headers joined with ", ", values cleaned. */
export type Answer = Readonly<{
  kind: 'answer';
  step: StepId;
  purpose: Purpose;
  /** The address asked, without any secret. */
  url: Clean;
  status: number;
  reason: Clean;
  headers: Readonly<Record<string, Clean>>;
  body: Body;
  /** Milliseconds from sending to the end of the body. */
  ms: number;
}>;

/** One certificate as received. Dates are ISO 8601. */
export type CertificateFacts = Readonly<{
  subject: Clean;
  issuer: Clean;
  validFrom: string;
  validTo: string;
  /** DNS names and addresses it is made for; a common name is none. */
  names: readonly Clean[];
  selfSigned: boolean;
  fingerprint256: string;
  /** Where its issuer's certificate can be fetched, as the certificate itself says (AIA). */
  issuerUrl: Clean | null;
  /** The hash it is signed with, where that is one nobody accepts any more. */
  signedWith?: 'MD5' | 'SHA-1';
  keyBits?: number;
  /** Whether it says of itself that it may issue others. */
  authority?: boolean;
  /** What its extended key usage allows; absent: anything. */
  usages?: readonly Clean[];
  /** Of the topmost one of the chain alone: what could be trusted once its fingerprint was confirmed. */
  pem?: string;
}>;

/** How far a connection got before it broke. */
export type Stage = 'resolve' | 'connect' | 'proxy' | 'handshake' | 'request' | 'answer';

/** The connection or the exchange broke before a whole answer was there. */
export type Trouble = Readonly<{
  kind: 'trouble';
  step: StepId;
  purpose: Purpose | null;
  stage: Stage;
  /**
   * Node's or OpenSSL's code (ENOTFOUND, ECONNREFUSED, DEPTH_ZERO_SELF_SIGNED_CERT, EPROTO, HPE_INVALID_CONSTANT …) or one
   * of ours: TIMEOUT (no answer in time at `stage`), TOO_LARGE (body over the cap), CUT (ended early), BAD_ENCODING,
   * TLS_SPOKEN (asked in plain HTTP, the port speaks TLS), PROXY_REFUSED, PROXY_UNUSABLE (a setting that names no proxy of a kind we can use), NOT_A_PROXY (its answer to CONNECT is no HTTP).
   */
  code: string;
  message: Clean;
  host: Clean;
  port: number;
  /** Addresses tried, each with what became of it. */
  attempts: readonly Readonly<{address: Clean; code: string}>[];
  proxy: ProxyUse | null;
  /** The proxy's own refusal of CONNECT. */
  proxyAnswer: Readonly<{
    status: number;
    reason: Clean;
    server: Clean;
    /** Proxy-Authenticate: the login methods it takes. */
    wants?: Clean;
    /** Why it failed, in Squid's words (X-Squid-Error). */
    detail?: Clean;
    /** Where it sends a browser instead. */
    location?: Clean;
    /** Title and first words of the page it answered with. */
    page?: Clean;
  }> | null;
  /** The peer's chain, leaf first, known after a failed verification without sending anything. */
  chain: readonly CertificateFacts[];
  /** The handshake itself came about, and the peer's chain was refused. */
  refusedChain?: true;
  /** A second handshake with a small greeting (no post-quantum key exchange) came about where the first broke twice. */
  smallGreeting?: true;
  /** First bytes of what was spoken instead of TLS or HTTP, where something was. */
  spoken: Clean | null;
  ms: number;
}>;

export type Evidence = Answer | Trouble;

/** Everything seen so far, in order. The last entry is where the test stopped. */
export type Seen = readonly Evidence[];

export type {TokenKind} from '../domain/token-shape.ts';

/** What a step or a command knows of a cause beyond the evidence. */
export type Detail = Readonly<
  /** By what something was judged that was typed: one sentence. */
  | {
      code:
        | 'url-invalid'
        | 'url-insecure'
        | 'url-lookalike'
        | 'username-not-email'
        | 'token-damaged'
        | 'token-wrong-kind'
        | 'token-unusable';
      reason: Clean;
    }
  /** The e-mail Jira names; null where it names only another login name. */
  | {code: 'account-differs'; email: Clean | null}
  /** Keys of the permissions Jira said no to. */
  | {code: 'permission-advisory'; permissions: readonly string[]}
  /** Jira could not say what the account may do: the status of its answer. */
  | {code: 'permission-advisory'; unread: number}
  /** `feeds` refused this account; `elsewhere` were not read for a reason that is not the account. */
  | {code: 'feed-unavailable'; feeds: readonly FeedId[]; elsewhere: readonly Clean[]}
>;
export type DetailOf<Code extends Detail['code']> = Extract<Detail, Readonly<{code: Code}>>;

/** What this machine knows; checklists speak with these values, and a few signals need them. */
export type Facts = Readonly<{
  connector: Connector;
  /** Normalised site address without trailing slash. */
  url: Clean;
  host: Clean;
  port: number;
  username: Clean;
  deployment: Deployment | null;
  tokenKind: TokenKind;
  /** Whether the checksum in the token fits; `none` where its kind carries none. */
  checksum: TokenLint['checksum'];
  /** What it looks like instead of a token, where the site takes nothing else. */
  looksLike: DoubtKind | null;
  scheme: Scheme;
  route: Route;
  cloudId: Clean | null;
  /** YYYY-MM-DD as remembered, null when never told. */
  expiresAt: string | null;
  /** This machine's clock when the test ran. */
  now: Date;
  /** What printed commands repeat of this run. */
  run: RunSettings;
  proxy: ProxyUse | null;
  /** A proxy variable that is set and did not count: for http addresses only, or because NO_PROXY exempts this host. */
  idleProxy?: Readonly<{use: ProxyUse; why: 'http-only' | 'exempt'}>;
  /** Where trusted CAs came from: "Node's bundled list", "--ca-file /etc/…", "SSL_CERT_FILE …". */
  trust: readonly Clean[];
  /** A CA file of other programs that holds the issuer of a chain refused here. */
  trustedElsewhere?: Readonly<{variable: Clean; file: Clean}>;
  /** Fixed addresses in use, as --resolve has them. */
  addresses: readonly Clean[];
  /** Whole-test timeout in seconds. */
  timeoutSeconds: number;
  /** The saved credential that is tested; null for values that are not saved. */
  name: Clean | null;
  /** What was found beside the evidence, for the one code it is about. */
  detail: Detail | null;
  /** A name of which nothing is saved, and the saved ones most like it; only for `credential-unknown`. */
  unknownName?: Readonly<{wanted: Clean; nearest: readonly Clean[]}>;
  /** Why the store in use could not be used; only for the codes of the store. */
  storeProblem?: StoreProblem;
}>;
