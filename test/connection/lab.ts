/** A test bench: servers of the lab that end with the test, and an examination of them. */

import {lookup as systemLookup} from 'node:dns/promises';
import {afterEach, expect} from 'vitest';
import {examine} from '../../source/connection/examine.ts';
import {type Address, type Reach, type ResolveRule, type Way, wayOf} from '../../source/connection/reach.ts';
import type {Examination, ExamineEvent, Target} from '../../source/diagnosis/examination.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {parseProxyAddress} from '../../source/domain/proxy-address.ts';
import {Secret} from '../../source/domain/secret.ts';
import {parseSite} from '../../source/domain/site.ts';
import {stepIds} from '../../source/domain/step.ts';
import {tokenKind} from '../../source/domain/token-shape.ts';
import {type Authority, type Issued, makeAuthority} from '../support/lab/authority.ts';

const closing: (() => Promise<void>)[] = [];

/** Closes what was started when the test ends. */
export async function using<T extends {close(): Promise<void>}>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

afterEach(async () => {
  await Promise.all(closing.splice(0).map(close => close()));
});

let made: Promise<Bench> | null = null;
type Bench = Readonly<{authority: Authority; issued: Issued}>;

/** One authority and one good certificate serve all tests of a file. */
export function bench(): Promise<Bench> {
  made ??= makeAuthority().then(async authority => ({
    authority,
    issued: await authority.issue({
      names: ['localhost', '127.0.0.1', 'acme.atlassian.net', 'api.atlassian.com', 'jira.acme.example'],
    }),
  }));
  return made;
}

/** No test asks a name server of the network it runs in: of all names there is only the machine's own. */
async function onlyLocalhost(host: string): Promise<readonly Address[]> {
  if (host !== 'localhost') throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {code: 'ENOTFOUND'});
  const found = await systemLookup(host, {all: true});
  return found.map(({address, family}): Address => ({address, family: family === 6 ? 6 : 4}));
}

type Changes = Omit<Partial<Reach>, 'given' | 'detours'> &
  Readonly<{
    /** As `--proxy` gives it. */
    proxy?: string | null;
    /** Trusted beside this machine's; default: the authority of the bench. */
    extraCa?: readonly string[];
    caOnly?: boolean;
    timeoutMs?: number;
    resolve?: readonly ResolveRule[];
  }>;

export async function reach(changes: Changes = {}): Promise<Reach> {
  const {authority} = await bench();
  const {
    proxy = null,
    extraCa = [authority.pem],
    caOnly = false,
    timeoutMs = 20_000,
    resolve = [],
    ...others
  } = changes;
  const read = proxy === null || proxy === '' ? null : parseProxyAddress(proxy);
  if (read?.ok === false) throw new Error(read.reason);
  return {
    env: {},
    given: {
      proxy: proxy === '' ? 'none' : (read?.proxy ?? null),
      authorities: {certificates: extraCa, from: 'bench.pem'},
      caOnly,
      addresses: null,
      timeoutSeconds: timeoutMs / 1000,
    },
    detours: resolve,
    now: () => new Date(),
    lookup: onlyLocalhost,
    ...others,
  };
}

/** The same, settled for a target that brings nothing of its own. */
export const way = async (changes: Changes = {}): Promise<Way> => wayOf(await reach(changes), noConnectionSettings);

/** acme.atlassian.net and the gateway, both at one port of this machine. */
export const atlassianAt = (port: number) =>
  ['acme.atlassian.net', 'api.atlassian.com'].map(host => ({host, port: 443, address: '127.0.0.1', toPort: port}));

export function target(url: string, token: string, changes: Partial<Target> = {}): Target {
  const parsed = parseSite(url);
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  return {
    connector: 'jira-software',
    name: null,
    site: parsed.site,
    username: 'you@acme.com',
    token: new Secret(token),
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    expiresAt: null,
    tokenKind: tokenKind(token),
    ...changes,
  };
}

export type Examined = Examination & {events: readonly ExamineEvent[]};

export async function run(subject: Target, through: Reach, signal = new AbortController().signal): Promise<Examined> {
  const events: ExamineEvent[] = [];
  const steps = examine(subject, through, signal);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) {
      expect(next.value.report.steps.map(({id}) => id)).toEqual(stepIds);
      return {...next.value, events};
    }
    events.push(next.value);
  }
}

/** The statuses in one line: "passed passed failed skipped …". */
export const statuses = ({report}: Examined): string => report.steps.map(({status}) => status).join(' ');

/** The code of a failed examination; checks that all eight steps fit it. */
export function codeOf(examined: Examined): string | null {
  const {failure, steps} = examined.report;
  if (failure === null) return null;
  const at = stepIds.indexOf(failure.step);
  expect(steps.map(({status}) => status === 'failed').indexOf(true), JSON.stringify(examined.report, null, 1)).toBe(at);
  expect(steps.slice(at + 1).every(({status}) => status === 'skipped')).toBe(true);
  expect(steps.filter(({status}) => status === 'failed')).toHaveLength(1);
  expect(failure.checklist.length).toBeGreaterThanOrEqual(2);
  return failure.code;
}
