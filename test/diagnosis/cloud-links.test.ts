/** A checklist speaks of the site's own cloud alone: its account pages, its administration, its gateway. */
import {describe, expect, it} from 'vitest';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {diagnose, fail} from '../../source/diagnosis/diagnose.ts';
import type {Facts, Seen} from '../../source/diagnosis/evidence.ts';
import {exampleOf} from '../../source/diagnosis/explain.ts';
import {clean} from '../../source/domain/clean.ts';
import {cloudOf} from '../../source/domain/clouds.ts';
import {answer, asText, edge, jiraCloud, trouble} from './fabricate.ts';

/** Every host under a domain of Atlassian's in a text. */
const atlassianHosts = (text: string): readonly string[] =>
  text.match(/[a-z0-9.-]*\b(?:atlassian[a-z-]*|jira)\.(?:net|com)\b/gi) ?? [];

const others = [
  'acme.atlassian-us-gov-mod.net',
  'acme.atlassian-us-gov.net',
  'acme.atlassian-fex.com',
  'acme.atlassian-isolated.net',
];

const at = (facts: Facts, host: string): Facts => ({
  ...facts,
  host: clean(host),
  url: clean(`https://${host}`),
  deployment: 'cloud',
});

const seens = (host: string): readonly Seen[] => [
  [],
  [answer({url: `https://${host}/rest/api/2/serverInfo`, status: 404, headers: edge})],
  [
    answer({
      purpose: 'sign-in',
      url: `https://${host}/rest/api/2/myself`,
      status: 401,
      headers: jiraCloud,
      body: asText('Client must be authenticated to access this resource.'),
    }),
  ],
  [trouble('ECONNREFUSED', {host})],
];

/** The domain that an account and a gateway of a cloud are under, beside that of its sites. */
function ownDomains(host: string): readonly string[] {
  const cloud = cloudOf(host);
  const pages = [cloud?.accountHost, cloud?.gateway].flatMap(each => each?.split('.').slice(1).join('.') ?? []);
  return [cloud?.domain ?? '', ...pages];
}

describe.each(others)('%s', host => {
  const own = ownDomains(host);
  // A service account's e-mail has a domain of its own, which is no page.
  const foreign = (text: string) =>
    atlassianHosts(text).filter(each => !own.some(domain => each === domain || each.endsWith(`.${domain}`)));

  // The example of a changed store quotes a site of its own.
  it.each(failureCodes.filter(code => code !== 'store-changed'))('%s leads to no page of another cloud', code => {
    for (const seen of seens(host)) {
      for (const tokenKind of ['atlassian-user', 'atlassian-service-account', 'legacy'] as const) {
        const {checklist, title} = fail(code, 'site', {...at(exampleOf(code), host), tokenKind}, seen);
        const text = checklist.flatMap(({action, why, request = '', url = '', command = ''}) => [
          action,
          why,
          request,
          url,
          command,
        ]);
        expect(foreign([title, ...text].join(' ')), code).toEqual([]);
      }
    }
  });

  it('whatever kept its gateway from answering', () => {
    for (const [, , refused] of [seens(host)]) {
      const gateway = trouble('ECONNREFUSED', {host: cloudOf(host)?.gateway ?? host, purpose: 'gateway-sign-in'});
      const failure = diagnose('sign-in', [...(refused ?? []), gateway], at(exampleOf('credentials-rejected'), host));
      expect(foreign(JSON.stringify(failure)), failure.code).toEqual([]);
    }
  });
});
