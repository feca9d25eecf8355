/** What is found without a server: it too says what was judged, and by what. */
import {describe, expect, it} from 'vitest';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {exitCodeOfFailure, fail, outcomeOf} from '../../source/diagnosis/diagnose.ts';
import {exampleOf} from '../../source/diagnosis/explain.ts';
import {clean} from '../../source/domain/clean.ts';
import {exit} from '../../source/domain/exit.ts';
import {answer, cloud} from './fabricate.ts';

describe('a failure', () => {
  it.each(failureCodes)('%s has a line of evidence, whoever names it', code => {
    const {evidence} = fail(code, 'dns', exampleOf(code));
    expect(evidence.length).toBeGreaterThan(0);
    for (const line of evidence) expect(line).not.toBe('');
  });

  it('shows the last answer where nothing else was said', () => {
    const {evidence} = fail('unknown-answer', 'site', cloud, [answer({status: 418})]);
    expect(evidence[0]).toContain('418');
  });

  it('quotes what was typed and what it was judged by', () => {
    const typed = {...cloud, username: clean('you')};
    expect(fail('username-not-email', 'sign-in', typed).evidence.join('\n')).toContain('“you”');
    const address = fail('url-invalid', 'site', {
      ...cloud,
      detail: {code: 'url-invalid', reason: clean('the port is out of range')},
    });
    expect(address.evidence).toEqual([
      'Address as it was read: https://acme.atlassian.net',
      'the port is out of range',
    ]);
    expect(fail('url-invalid', 'site', {...cloud, url: clean('')}).evidence[0]).toContain('not shown');
  });

  it('token-unusable is a matter of input, and says why', () => {
    const failure = fail('token-unusable', 'sign-in', {
      ...cloud,
      detail: {code: 'token-unusable', reason: clean('it is the name of a variable')},
    });
    expect(exitCodeOfFailure(failure)).toBe(exit.usage);
    expect(failure.title).toContain('the name of a variable');
    expect(failure.evidence[0]).toBe('it is the name of a variable');
  });

  it('credential-unknown offers the nearest names', () => {
    const facts = {...cloud, unknownName: {wanted: clean('prdo'), nearest: [clean('prod'), clean('-old')]}};
    const failure = fail('credential-unknown', 'dns', facts);
    expect(exitCodeOfFailure(failure)).toBe(exit.notFound);
    expect(failure.title).toContain('“prdo”');
    expect(failure.evidence.join()).toContain('“prod”');
    expect(failure.checklist.map(({command}) => command).slice(0, 2)).toEqual([
      'jirakey show prod',
      expect.stringContaining('-- -old'),
    ]);
  });
});

describe('what a refusal says about the credential', () => {
  it('nothing, where the address was refused before the pair was judged', () => {
    expect(outcomeOf({code: 'ip-not-allowed'})).toBe('unverified');
    expect(outcomeOf({code: 'credentials-rejected'})).toBe('failed');
  });
});

describe('what can be done in place', () => {
  it.each(failureCodes)('%s: its actions offer what its row has, and nothing else', code => {
    const offered = fail(code, 'dns', exampleOf(code)).checklist.flatMap(({remedy}) => remedy ?? []);
    expect(catalogue[code].remedies).toEqual(expect.arrayContaining(offered));
  });

  it.each(failureCodes)('%s: a value comes with the address it is', code => {
    for (const {remedy, value} of fail(code, 'dns', exampleOf(code)).checklist) {
      expect(remedy === 'use-url').toBe(value !== undefined);
    }
  });
});
