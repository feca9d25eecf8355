/** Addresses that may have been meant. Each is looked at before it is offered: a guess that is wrong costs more than none. */
import {catalogue} from '../diagnosis/catalogue/index.ts';
import type {Failure} from '../diagnosis/test-report.ts';
import {parseSite, type Site} from '../domain/site.ts';
import type {Move} from './move.ts';
import {failureShown} from './remedy.ts';
import type {State} from './state.ts';

/** Looks at what the evidence, the address itself and its context path suggest. */
export function tryInstead(state: State): Move {
  const failure = failureShown(state);
  const {site} = state.answers;
  if (site === null) return trySites(state, []);
  return trySites(state, failure === null ? suggestion(site.url) : meantBy(failure, site));
}

/** Forgets what was tried before. */
export function trySites(state: State, sites: readonly Site[]): Move {
  if (sites.length === 0) return [{...state, tried: null}, []];
  const seq = state.seq + 1;
  const {connection} = state.answers;
  return [{...state, seq, tried: {seq, found: null}}, [{type: 'try-sites', seq, sites, connection}]];
}

/** Most that is tried for one failure. */
const most = 3;

function meantBy(failure: Failure, site: Site): readonly Site[] {
  const {remedies} = catalogue[failure.code];
  if (!remedies.includes('field:url') && !remedies.includes('use-url')) return [];
  const named = failure.checklist.flatMap(({remedy, value}) => (remedy === 'use-url' && value ? [value] : []));
  const found = [...named.flatMap(siteOf), ...suggestion(site.url), ...(failure.step === 'site' ? byPath(site) : [])];
  const each = new Map(found.map(other => [other.url, other]));
  return [...each.values()].filter(({url}) => url !== site.url).slice(0, most);
}

function siteOf(url: string): readonly Site[] {
  const parsed = parseSite(url);
  return parsed.ok ? [parsed.site] : [];
}

function suggestion(url: string): readonly Site[] {
  const parsed = parseSite(url);
  return parsed.suggestion === null ? [] : [parsed.suggestion];
}

/** A Data Center lies at the root of its host, or most often under /jira (Tomcat's context path). */
const byPath = ({atlassianHosted, path, origin}: Site): readonly Site[] =>
  atlassianHosted ? [] : path === '' ? siteOf(`${origin}/jira`) : siteOf(origin);
