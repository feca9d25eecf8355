/**
 * What is another today than when the same credential last passed: the way to the site, the token, the account, Node.
 * Where a test fails that passed before, this is the first thing worth knowing. Pure.
 */
import * as z from 'zod';
import {type Clean, clean} from '../domain/clean.ts';
import {isoDate, routes, schemes} from '../domain/credential.ts';
import {minuteText} from '../domain/time.ts';
import type {Facts} from './evidence.ts';
import {proxyUse} from './proxy-use.ts';
import {type DeepReadonly, line, type Report} from './test-report.ts';

/** By what a test was made; the proxy's login and the token have no place here. */
export const circumstances = z.strictObject({
  /** When it ended. */
  at: z.iso.datetime(),
  node: line,
  username: line,
  /** Id of the account that signed in; null when none did. */
  account: line.nullable(),
  scheme: z.enum(schemes),
  route: z.enum(routes),
  proxy: proxyUse.nullable(),
  /** Where the trusted CAs came from. */
  trust: z.array(line).max(20),
  /** Fixed addresses, as --resolve has them. */
  addresses: z.array(line).max(20),
  /** Last day of the token, null when unknown. */
  expiresAt: isoDate.nullable(),
});
export type Circumstances = DeepReadonly<z.infer<typeof circumstances>>;

export type CircumstanceFacts = Pick<Facts, 'scheme' | 'expiresAt' | 'proxy' | 'trust' | 'addresses'>;

export function circumstancesOf(
  {report, facts}: Readonly<{report: Report; facts: CircumstanceFacts}>,
  {at, node}: Readonly<{at: Date; node: string}>,
): Circumstances {
  return {
    at: at.toISOString(),
    node: clean(node),
    username: report.credential.username,
    account: report.account?.id ?? null,
    scheme: facts.scheme,
    route: report.route,
    proxy: facts.proxy,
    trust: facts.trust.slice(0, 20),
    addresses: facts.addresses.slice(0, 20),
    expiresAt: facts.expiresAt,
  };
}

type Told = Readonly<{
  /** Equal where two are the same as far as this goes. */
  of: (circumstances: Circumstances) => string;
  phrase: (circumstances: Circumstances) => string;
}>;

const listed = (items: readonly string[]): string => items.join(', ');
const routeNames = {site: 'at the site’s own address', gateway: 'at Atlassian’s gateway'} as const;
const schemeNames = {basic: 'as Basic', bearer: 'as Bearer'} as const;

/** What may differ, the likeliest cause of a failure first. */
const told: readonly Told[] = [
  {
    of: ({proxy}) => (proxy === null ? '' : `${proxy.address} ${proxy.login === true}`),
    phrase: ({proxy}) => (proxy === null ? 'without a proxy' : `through the proxy ${proxy.address} (${proxy.because})`),
  },
  {
    of: ({trust}) => listed(trust),
    phrase: ({trust}) => `trusting ${trust.length === 0 ? 'no CAs' : listed(trust)}`,
  },
  {
    of: ({addresses}) => listed(addresses),
    phrase: ({addresses}) =>
      addresses.length === 0 ? 'with the addresses of DNS' : `with the fixed address ${listed(addresses)}`,
  },
  {of: ({username}) => username.toLowerCase(), phrase: ({username}) => `as ${username === '' ? 'nobody' : username}`},
  {
    of: ({expiresAt}) => expiresAt ?? '',
    phrase: ({expiresAt}) => (expiresAt === null ? 'with a token of unknown age' : `with a token until ${expiresAt}`),
  },
  {
    of: ({route, scheme}) => `${route} ${scheme}`,
    phrase: ({route, scheme}) => `${routeNames[route]} ${schemeNames[scheme]}`,
  },
  {of: ({node}) => node, phrase: ({node}) => `on Node ${node}`},
];

/**
 * @param now of the test that failed
 * @param passed of the last test that passed; null when none is remembered
 * @returns one line of evidence, null where nothing of it is different
 */
export function differenceLine(now: Circumstances, passed: Circumstances | null): Clean | null {
  if (passed === null) return null;
  const different = told.filter(({of}) => of(now) !== of(passed));
  if (different.length === 0) return null;
  const said = (circumstances: Circumstances): string => different.map(({phrase}) => phrase(circumstances)).join(', ');
  return clean(
    `It last passed ${minuteText(passed.at)} by other settings: then ${said(passed)}; now ${said(now)}`,
    500,
  );
}

/** The report with that line as its first evidence. A sign-in that got nowhere has no route or scheme to compare. */
export function comparedWith(report: Report, now: Circumstances, passed: Circumstances | null): Report {
  const {failure} = report;
  const signedIn = report.steps.some(({id, status}) => id === 'sign-in' && status !== 'skipped');
  const known = passed !== null && !signedIn ? {...now, route: passed.route, scheme: passed.scheme} : now;
  const difference = failure === null ? null : differenceLine(known, passed);
  return failure === null || difference === null
    ? report
    : {...report, failure: {...failure, evidence: [difference, ...failure.evidence]}};
}
