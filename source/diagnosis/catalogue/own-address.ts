/** The address a Jira gives for itself, where it is another than the one that was typed. */
import {type Clean, clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {parseSite} from '../../domain/site.ts';
import type {Facts, Seen} from '../evidence.ts';
import {json, property} from '../responder.ts';
import type {Action} from '../test-report.ts';
import {readAnswer, retype, you} from './actions.ts';

/** `serverInfo` tells the address this Jira thinks it has; an https one that differs is the one to type. */
export function baseTold(seen: Seen, facts: Facts): Clean | null {
  for (const each of seen) {
    const base = each.kind === 'answer' && each.status === 200 ? property(json(each), 'baseUrl') : undefined;
    if (typeof base === 'string' && /^https:\/\/[^\s@]+$/.test(base) && base.replace(/\/+$/, '') !== facts.url) {
      return clean(base.replace(/\/+$/, ''));
    }
  }
  return null;
}

/** The same where it names another host: a vanity domain, at which tokens may not work. */
export function otherHostTold(seen: Seen, facts: Facts): Clean | null {
  const base = baseTold(seen, facts);
  if (base === null || !URL.canParse(base)) return null;
  return new URL(base).hostname.toLowerCase() === facts.host.toLowerCase() ? null : base;
}

/**
 * The site of Jira Cloud behind a custom domain, which Jira names as its own address. The REST API is not supported on
 * custom domains (jira.atlassian.com, AX-649), so no credential is sent to one. A Jira on this machine is an imitation.
 */
export function siteBehind(seen: Seen, facts: Facts): Clean | null {
  const told = otherHostTold(seen, facts);
  if (told === null || isAtlassianHost(facts.host) || isLoopbackName(facts.host)) return null;
  return isAtlassianHost(new URL(told).hostname) ? told : null;
}

const isLoopbackName = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);

/** What was more likely meant than what was typed. Nobody has looked there, so it is offered with an “if”. */
export function probablyMeant(facts: Facts, why: string): Action | null {
  const {suggestion} = parseSite(facts.url);
  return suggestion === null
    ? null
    : you(`If ${suggestion.url} was meant, enter that`, why, {
        command: retype(facts, suggestion.url),
        remedy: 'field:url',
        value: suggestion.url,
      });
}

/** Where a redirect leads, unless Jira or Atlassian gave it: whose address that is shows a look only. */
export const lookFirst = (url: string): Action =>
  you(
    `See whether ${url} is your Jira, and enter it if it is`,
    'an answer with “baseUrl” is a Jira’s; no token is ever sent along a redirect',
    {
      command: readAnswer(`${url}/rest/api/2/serverInfo`),
      remedy: 'use-url',
      value: url,
    },
  );

export const enter = (facts: Facts, url: string, why: string) =>
  you(`Enter ${url} as the site’s address`, why, {command: retype(facts, url), remedy: 'use-url', value: url});
