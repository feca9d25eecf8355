/** What the rows about TLS share: evidence of certificates, and where they were seen. */
import type {Clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import {chainLines} from '../certificates.ts';
import type {Facts, Seen, Trouble} from '../evidence.ts';
import {troubleIn, troubleLines} from '../evidence-reading.ts';
import {brokenAt} from './actions.ts';
import {nobodyAsked} from './row.ts';

export const lines = (trouble: Trouble, seen: Seen, facts: Facts): readonly Clean[] => [
  ...troubleLines(trouble),
  ...chainLines(trouble, seen, facts),
];

/** What all rows about TLS have in common. */
export const tls = {steps: ['tls'], exit: exit.tls, ...nobodyAsked} as const;

/** The lines of evidence for a certificate or handshake that failed with one of these codes. */
export const withCode = (codes: ReadonlySet<string>) => (seen: Seen, facts: Facts) => {
  const trouble = troubleIn(seen);
  return trouble !== null && codes.has(trouble.code) ? lines(trouble, seen, facts) : null;
};

export const chainIn = (seen: Seen) => troubleIn(seen)?.chain ?? [];
export const atlassianAt = (facts: Facts, seen: Seen): boolean => {
  const {host} = brokenAt(facts, troubleIn(seen));
  return isAtlassianHost(host) || /(?:^|\.)atlassian\.com$/i.test(host);
};

/** OpenSSL’s ways to say that what came back was no TLS. */
export const notTls =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNKNOWN_PROTOCOL|wrong version number|packet length too long|record layer failure|http request/i;
