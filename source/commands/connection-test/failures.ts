/** Failures found before a request: an address, a username, a token, the store. As reports, like any other test's. */
import {catalogue} from '../../diagnosis/catalogue/index.ts';
import {fail} from '../../diagnosis/diagnose.ts';
import type {Detail, Facts} from '../../diagnosis/evidence.ts';
import type {Failure, Report} from '../../diagnosis/test-report.ts';
import {type Clean, clean, own} from '../../domain/clean.ts';
import type {Connector} from '../../domain/credential.ts';
import {type NothingThere, StoreFault, TokenFault, UnknownName} from '../../domain/fault.ts';
import {stepIds} from '../../domain/step.ts';
import {looksLikeToken} from '../../domain/token.ts';
import type {Context} from '../context.ts';

/** What is known of a credential before its test: in the worst case its name. */
export type Subject = Readonly<{
  name: string | null;
  connector: Connector;
  url: string;
  username: string;
  /** It lies in the store under that name. */
  saved?: boolean;
}>;

/** Where and when it happened, and what printed commands repeat. */
export type Here = Pick<Context, 'world' | 'run'>;

export function factsOf(subject: Subject, {world, run}: Here, detail: Detail | null = null): Facts {
  const address = URL.canParse(subject.url) ? new URL(subject.url) : null;
  return {
    connector: subject.connector,
    url: shown(subject.url),
    host: clean(address?.hostname ?? ''),
    port: Number(address?.port) || (address?.protocol === 'http:' ? 80 : 443),
    username: clean(subject.username),
    deployment: null,
    tokenKind: 'unknown',
    checksum: 'none',
    looksLike: null,
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    expiresAt: null,
    now: world.now(),
    run,
    proxy: null,
    trust: [],
    addresses: [],
    timeoutSeconds: 0,
    name: subject.saved && subject.name !== null ? clean(subject.name) : null,
    detail,
  };
}

/** A fault of the store belongs to no step; by convention its `step` is the first one, which was not run. */
export function storeFailure(fault: StoreFault, here: Here, subject: Subject = nobody): Failure {
  const facts: Facts = {
    ...factsOf(subject, here),
    storeProblem: fault.problem,
  };
  return fail(fault.code, 'dns', facts, [], [clean(fault.message)]);
}

/** What was thrown before anything could be asked of a site, and is a failure with a code. */
export type Obstacle = StoreFault | UnknownName | TokenFault;
export const isObstacle = (error: unknown): error is Obstacle =>
  error instanceof StoreFault || error instanceof UnknownName || error instanceof TokenFault;

/** The failure of an obstacle, with the checklist for it. */
export function failureOf(obstacle: Obstacle, here: Here, subject: Subject = nobody): Failure {
  if (obstacle instanceof StoreFault) return storeFailure(obstacle, here, subject);
  if (obstacle instanceof TokenFault) {
    const reason = clean([obstacle.message, ...obstacle.hints].join(' '));
    return fail('token-unusable', 'sign-in', factsOf(subject, here, {code: 'token-unusable', reason}));
  }
  const unknownName = {wanted: clean(obstacle.wanted, 80), nearest: obstacle.nearest.map(name => clean(name, 80))};
  return fail('credential-unknown', 'dns', {...factsOf(nobody, here), unknownName});
}

/** The failure of a test in a store without credentials. */
export const nothingSaved = ({message}: NothingThere, here: Here): Failure =>
  fail('credential-unknown', 'dns', factsOf(nobody, here), [], [clean(message)]);

/** An address that could not be used, as far as it may be repeated: it may hold a password, or be a token. */
const shown = (url: string): Clean =>
  looksLikeToken(url) ? own('') : clean(url.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?[\\/]*)[^/?#]*@/i, '$1'));

const nobody: Subject = {name: null, connector: 'jira-software', url: '', username: ''};

/**
 * The report of a test that could not begin. The step its cause belongs to is marked failed; a cause that belongs to
 * none (the store) leaves all skipped.
 * @param detail why nothing was run, for every skipped step
 */
export function unbegun(subject: Subject, failure: Failure, detail: string): Report {
  const failed = catalogue[failure.code].steps.length === 0 ? null : failure.step;
  return {
    schemaVersion: 1,
    // Nobody was asked, so nothing is known about the credential.
    outcome: 'unverified',
    credential: {
      name: subject.name === null ? null : clean(subject.name),
      connector: subject.connector,
      url: shown(subject.url),
      username: clean(subject.username),
    },
    route: 'site',
    site: {deployment: null, version: null, title: null, cloudId: null},
    account: null,
    steps: stepIds.map(id => ({
      id,
      status: id === failed ? 'failed' : 'skipped',
      ms: 0,
      detail: id === failed ? failure.title : clean(detail),
    })),
    failure,
    warnings: [],
  };
}
