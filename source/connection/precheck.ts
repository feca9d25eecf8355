import type {Failure} from '../diagnosis/test-report.ts';
import {clean} from '../domain/clean.ts';
import {parseSite} from '../domain/site.ts';
import {lintToken} from '../domain/token.ts';
import type {Session} from './session.ts';

/**
 * What can be told without sending anything: a username or token that cannot be right for this kind of Jira. Asked before
 * the test, where the address alone may tell Cloud, and again when the site has shown what it is.
 * @returns the failure, or null; lesser doubts become warnings of the session
 */
export function precheck(session: Session): Failure | null {
  const {target, deployment} = session;
  const parsed = parseSite(target.site.url);
  for (const {title} of parsed.ok ? parsed.warnings : []) session.warn({code: 'url-lookalike', reason: clean(title)});
  if (target.site.protocol === 'http:' && !target.site.loopback) return session.fail('url-insecure', 'site');
  if (target.token.length === 0) return null;
  const {problem} = lintToken(target.token.reveal(), deployment);
  if (problem?.code === 'token-wrong-kind') {
    return session.fail({code: 'token-wrong-kind', reason: clean(problem.reason)}, 'sign-in');
  }
  if (problem?.code === 'token-damaged') session.warn({code: 'token-damaged', reason: clean(problem.reason)});
  if (target.scheme === 'basic' && !target.username.includes('@')) {
    if (deployment === 'cloud') return session.fail('username-not-email', 'sign-in');
  }
  return null;
}

/** A name without @ where nothing tells whether the site is Cloud: it may be right. */
export function doubtUsername(session: Session): void {
  const {target, deployment} = session;
  const atlassian = target.tokenKind === 'atlassian-user' || target.tokenKind === 'atlassian-service-account';
  if (deployment === null && atlassian && !target.username.includes('@')) session.warn('username-not-email');
}
