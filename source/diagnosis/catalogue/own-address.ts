/** The address a Jira gives for itself, where it is another than the one that was typed. */
import {type Clean, clean} from '../../domain/clean.ts';
import type {Facts, Seen} from '../evidence.ts';
import {json, property} from '../responder.ts';
import {retype, you} from './actions.ts';

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

export const enter = (facts: Facts, url: string, why: string) =>
  you(`Enter ${url} as the site’s address`, why, {command: retype(facts, url), remedy: 'use-url', value: url});
