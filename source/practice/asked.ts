/** A request as the practice Jira sees it, and the little world it is answered in. */
import type {Deployment} from '../domain/credential.ts';
import type {Play} from './play.ts';

export type Account = Readonly<{id: string; name: string; email: string; displayName: string; active: boolean}>;

/** The little world a request is answered in. */
export type Jira = Readonly<{
  deployment: Deployment;
  /** The practice address without trailing slash. */
  url: string;
  username: string;
  secret: string;
  account: Account;
  play: Play;
  /** The server's clock. */
  time: Date;
}>;

export type Asked = Readonly<{
  method: string;
  /** The Host header's name, lower-case, without port. */
  host: string;
  path: string;
  query: URLSearchParams;
  authorization: string | null;
  hasBody: boolean;
  /** Fresh for each request. */
  trace: string;
}>;

/** What the Authorization header amounts to. */
export type Presented = 'nothing' | 'malformed' | 'wrong' | 'basic' | 'bearer';

/** Compares what was presented with the one credential of this Jira; e-mail addresses compare without case. */
export function presented(asked: Asked, jira: Jira): Presented {
  if (asked.authorization === null) return 'nothing';
  const [scheme = '', value = ''] = asked.authorization.split(/ +/, 2);
  if (scheme.toLowerCase() === 'bearer') return value === jira.secret ? 'bearer' : 'wrong';
  if (scheme.toLowerCase() !== 'basic') return 'malformed';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return 'malformed';
  const name = pair.slice(0, colon).toLowerCase();
  return name === jira.username.toLowerCase() && pair.slice(colon + 1) === jira.secret ? 'basic' : 'wrong';
}
