import {describe, expect, it} from 'vitest';
import {concerns, messageLines, messageText} from '../../source/diagnosis/admin-message.ts';
import {type Admin, admins} from '../../source/diagnosis/admins.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {fail} from '../../source/diagnosis/diagnose.ts';
import {exampleOf} from '../../source/diagnosis/explain.ts';
import {leakIn} from '../../source/diagnosis/leak.ts';
import {type PastTest, pastTestOf} from '../../source/diagnosis/past-test.ts';
import {clean} from '../../source/domain/clean.ts';
import {stepIds} from '../../source/domain/step.ts';
import {now} from './fabricate.ts';

const trace = clean('Atl-TraceId: 0123456789abcdef');

function pastOf(code: (typeof failureCodes)[number], change: Partial<PastTest> = {}): PastTest {
  const facts = exampleOf(code);
  const failure = fail(code, 'dns', facts, [], [trace]);
  const at = stepIds.indexOf(failure.step);
  const report = {
    schemaVersion: 1,
    outcome: 'unverified',
    credential: {name: null, connector: facts.connector, url: facts.url, username: facts.username},
    route: facts.route,
    site: {deployment: facts.deployment, version: null, title: null, cloudId: facts.cloudId},
    account: null,
    steps: stepIds.map((id, index) => ({
      id,
      status: index < at ? ('passed' as const) : index === at ? ('failed' as const) : ('skipped' as const),
      ms: 3,
      detail: clean(index < at ? `${id} was fine` : ''),
    })),
    failure,
    warnings: [],
  } as const;
  const runtime = {program: '1.2.3', node: 'v20.0.0', system: 'linux x64'};
  return {...pastTestOf({report, facts}, {of: null, at: now, runtime}), ...change};
}

const options = {machine: 'web01', now};
const written = (past: PastTest, admin: Admin, width: number | null = null): string =>
  messageText(messageLines(past, admin, options) ?? [], width);

describe('a message to an admin', () => {
  it('tells what fails, since when, from where to where, what was seen, what is ruled out, what is asked', () => {
    const past = pastOf('certificate-untrusted', {
      since: '2026-11-20T08:00:00.000Z',
      tries: 4,
      lastPassed: '2026-11-19T08:00:00.000Z',
      proxy: {address: clean('http://proxy.acme.example:3128'), because: clean('HTTPS_PROXY')},
    });
    expect(written(past, 'network-admin')).toBe(
      [
        'Subject: web01: This machine does not trust the certificate of acme.atlassian.net:443',
        '',
        'Hello,',
        '',
        'a connection test from web01 to Jira fails. It needs your help.',
        '',
        'What fails:  This machine does not trust the certificate of acme.atlassian.net:443 (certificate-untrusted; proven by the answers below)',
        'Since:       2026-11-20 08:00 UTC (the 4th test in a row, the latest 2026-11-23 02:00 UTC); it last passed 2026-11-19 08:00 UTC',
        'From:        web01 (“this machine” in what follows)',
        'To:          acme.atlassian.net:443',
        'Site:        https://acme.atlassian.net',
        'Proxy:       http://proxy.acme.example:3128 (because of HTTPS_PROXY)',
        'CAs trusted: Node’s own list',
        '',
        'What was seen:',
        '- Atl-TraceId: 0123456789abcdef',
        '',
        'What is ruled out:',
        '- The name resolves: dns was fine',
        '- The connection stands: connect was fine',
        '',
        'What we ask of you, most likely first:',
        '1. Please give us the root certificate of the issuing CA as a PEM file.',
        '2. Or please exempt acme.atlassian.net from TLS inspection for our server.',
        '   https://support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/',
        '',
        'Thank you!',
        '',
        'Neither the token nor a passphrase is in this message. Written by jirakey 1.2.3, 2026-11-23 02:00 UTC.',
      ].join('\n'),
    );
  });

  it('names the account to the Jira admin and to nobody else', () => {
    const past = pastOf('sign-in-unclear');
    expect(written(past, 'jira-admin')).toContain('Account:     you@acme.com');
    expect(written(past, 'network-admin')).not.toContain('Account:');
  });

  it.each(failureCodes)(
    '%s: there is one exactly where the checklist asks something of them, whole, harmless, from us',
    code => {
      const past = pastOf(code);
      for (const admin of admins) {
        const lines = messageLines(past, admin, options);
        expect(lines !== null).toBe(concerns(past.report.failure, admin));
        if (lines === null) continue;
        const text = messageText(lines, null);
        expect(leakIn(text)).toBeNull();
        expect(text).toContain(trace);
        expect(text).not.toMatch(/\b[Aa]sk (to|for|whether|which|what|how)\b/);
        expect(text).not.toMatch(/jirakey (test|edit|rotate)/);
        const asked = past.report.failure?.checklist.filter(({who}) => who === admin) ?? [];
        expect(text.match(/^\d\. /gm)).toHaveLength(asked.length);
        for (const {request = ''} of asked) {
          expect(text).toContain(request);
          expect(request).not.toMatch(/this machine|your (company|organi[sz]ation)|^$/);
        }
        for (const line of messageText(lines, 60).split('\n'))
          if (!line.includes('http')) expect(line.length, line).toBeLessThanOrEqual(60);
      }
    },
  );

  it('asks nothing where the test passed', () => {
    const past = pastOf('dns-not-found');
    expect(messageLines({...past, report: {...past.report, failure: null}}, 'network-admin', options)).toBeNull();
  });
});
