import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {whos} from '../../source/diagnosis/admins.ts';
import {anonymize, anonymized} from '../../source/diagnosis/anonymize.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {
  mostBytes,
  mostTests,
  newestTest,
  type PastTest,
  parsePastTests,
  pastTestOf,
  renderPastTests,
  testOf,
  withNewName,
  withoutTest,
  withTest,
} from '../../source/diagnosis/past-test.ts';
import {ordinal, pastTestText, span} from '../../source/diagnosis/past-text.ts';
import {remedies} from '../../source/diagnosis/remedy.ts';
import {actionKinds, type Report} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {connectors, deployments, outcomes, routes, schemes} from '../../source/domain/credential.ts';
import {stepIds} from '../../source/domain/step.ts';
import {facts, failureOf, reportOf} from '../assistant/doubles.ts';

const runtime = {program: '1.2.3', node: 'v20.0.0', system: 'linux x64'};
const down = reportOf(failureOf('connection-refused', 'connect'));
const past = (of: string | null, at: string, report = down): PastTest =>
  pastTestOf({report, facts}, {of, at: new Date(at), runtime});

describe('the tests that are remembered', () => {
  const one = past('acme', '2026-11-20T10:00:00Z');

  it('read back as they were written', () => {
    const tests = [one, past(null, '2026-11-20T11:00:00Z', reportOf(null))];
    expect(parsePastTests(renderPastTests(tests))).toEqual(tests);
  });

  it.each([null, '', 'x', '[]', '{"version":1}', '{"version":2,"tests":[]}', '{"version":1,"tests":[1,{"of":null}]}'])(
    'are none in %j',
    text => expect(parsePastTests(text)).toEqual([]),
  );

  it('leave out one that is not of our form, and keep the others', () => {
    const document = JSON.parse(renderPastTests([one, one]));
    document.tests[0].report.outcome = 'great';
    expect(parsePastTests(JSON.stringify(document))).toEqual([one]);
  });

  it('are cleaned when they are read', () => {
    const text = renderPastTests([one]).replaceAll('broke here', 'broke\\u001b]52;c;eA==\\u0007\\u202e here');
    expect(parsePastTests(text)[0]?.report.steps.find(({id}) => id === 'connect')?.detail).toBe('broke here');
  });

  it('stay within their bounds; the oldest give way', () => {
    const many = Array.from({length: mostTests + 20}, (_, index) => past(`c${index}`, '2026-11-20T10:00:00Z'));
    expect(parsePastTests(renderPastTests(many)).map(({of}) => of)).toEqual(
      many.slice(0, parsePastTests(renderPastTests(many)).length).map(({of}) => of),
    );
    const long = {...one, trust: Array.from({length: 20}, () => clean('x'.repeat(2000), 2000))};
    const text = renderPastTests(Array.from({length: mostTests}, () => long));
    expect(text.length).toBeLessThanOrEqual(mostBytes);
    expect(parsePastTests(text).length).toBeGreaterThan(5);
    expect(parsePastTests(renderPastTests(many)).length).toBeLessThanOrEqual(mostTests);
  });

  it('go on a row of the same failure of the same credential, and of no other', () => {
    const again = withTest([one], past('ACME', '2026-11-20T11:00:00Z'));
    expect(again).toMatchObject([{tries: 2, since: one.at}]);
    const other = reportOf(failureOf('dns-not-found'));
    expect(withTest(again, past('acme', '2026-11-20T12:00:00Z', other))).toMatchObject([{tries: 1}]);
    const moved = {...down, credential: {...down.credential, url: clean('https://other.atlassian.net')}};
    expect(withTest(again, past('acme', '2026-11-20T12:00:00Z', moved))).toMatchObject([{tries: 1, lastPassed: null}]);
    expect(withTest([one], past(null, '2026-11-20T11:00:00Z'))).toMatchObject([{tries: 1, of: null}, {of: 'acme'}]);
  });

  it('remember the last pass over failures', () => {
    const passed = withTest([], past('acme', '2026-11-20T10:00:00Z', reportOf(null)));
    expect(withTest(passed, past('acme', '2026-11-20T11:00:00Z'))).toMatchObject([
      {lastPassed: '2026-11-20T10:00:00.000Z', tries: 1},
    ]);
  });

  it('follow a new name and forget the one that had it', () => {
    const tests = [one, past('other', '2026-11-20T11:00:00Z')];
    expect(withNewName(tests, 'acme', 'other')).toMatchObject([{of: 'other', at: one.at}]);
    expect(withNewName(tests, 'acme', 'ACME')).toMatchObject([{of: 'ACME'}, {of: 'other'}]);
    expect(withoutTest(tests, 'Acme')).toMatchObject([{of: 'other'}]);
    expect(testOf(tests, 'OTHER')?.of).toBe('other');
    expect(newestTest(tests)?.of).toBe('other');
    expect(newestTest([])).toBeNull();
  });
});

describe('a test that is anonymized', () => {
  it.each([
    ['you@acme.com', 'y…@acme.com'],
    ['jdoe', 'j…'],
    ['', '…'],
  ])('%j becomes %j', (name, hidden) => expect(anonymize(name)).toBe(hidden));

  it('names in no text who signs in, nor the home folder', () => {
    const failure = {
      ...failureOf('credentials-rejected', 'sign-in'),
      evidence: [clean('X-AUSERNAME: jdoe42 said you%40acme.com and You Yourself')],
    };
    const report = {
      ...reportOf(failure),
      credential: {...down.credential, username: clean('jdoe42')},
      account: {displayName: clean('You Yourself'), id: clean('5b10a'), email: clean('you@acme.com'), active: true},
    };
    const test = {...past(null, '2026-11-20T10:00:00Z', report), trust: [clean('--ca-file /home/jane/ca.pem')]};
    const text = JSON.stringify(anonymized(test, '/home/jane'));
    for (const name of ['jdoe42', 'you@acme.com', 'you%40acme.com', 'You Yourself', '5b10a', 'jane'])
      expect(text).not.toContain(name);
    expect(text).toContain('~/ca.pem');
  });

  it.each(Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', mark => [`a${mark}name`]))(
    'can anonymize any name: %s',
    name => {
      const report = {...down, credential: {...down.credential, username: clean(name)}};
      const test = {...past(null, '2026-11-20T10:00:00Z', report), trust: [clean(`of ${name}`)]};
      expect(anonymized(test, `/home/${name}`).trust).toEqual([`of ${anonymize(name)}`]);
    },
  );

  it('keeps the words of our own sentences where a login is called like one', () => {
    const failure = {
      ...failureOf('permission-missing', 'permissions'),
      evidence: [clean('asked as (admin), X-AUSERNAME: admin; a Jira admin can help')],
    };
    const report = {...reportOf(failure), credential: {...down.credential, username: clean('admin')}};
    const [evidence] = anonymized(past(null, '2026-11-20T10:00:00Z', report)).report.failure?.evidence ?? [];
    expect(evidence).toBe('asked as (a…), X-AUSERNAME: a…; a Jira admin can help');
  });
});

describe('its text', () => {
  it.each([40, 80])('keeps to %i columns and says when, what with and by which way', width => {
    const test = {
      ...past('acme', '2026-11-20T10:00:00Z'),
      proxy: {address: clean('http://p:3128'), because: clean('--proxy')},
    };
    const text = pastTestText(test, {width, unicode: true, now: new Date('2026-11-20T12:00:00Z')});
    expect(text).toMatch(/^Program {4}jirakey 1\.2\.3/);
    expect(text.replace(/\s+/g, ' ')).toContain('http://p:3128 (because of --proxy)');
    for (const line of text.split('\n'))
      if (!/http|jirakey |curl|ssh/.test(line)) expect(line.length).toBeLessThanOrEqual(width);
  });

  it.each([
    [0, '0 s'],
    [45, '45 s'],
    [119, '119 s'],
    [120, '2 min'],
    [7200, '2 h'],
    [172_800, '2 days'],
  ])('%i s are %s', (seconds, words) => {
    const from = '2026-11-20T10:00:00.000Z';
    expect(span(from, new Date(Date.parse(from) + seconds * 1000).toISOString())).toBe(words);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [21, '21st'],
    [112, '112th'],
  ])('%i is the %s', (count, word) => expect(ordinal(count)).toBe(word));
});

describe('every test that is remembered', () => {
  const text = fc.string({unit: 'binary', maxLength: 60}).map(each => clean(each));
  const name = fc.string({minLength: 1, maxLength: 20}).map(each => clean(`n${each}`));
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, {nil: null});
  const moment = fc
    .date({min: new Date('2020-01-01'), max: new Date('2039-01-01'), noInvalidDate: true})
    .map(each => each.toISOString());
  const action = fc.record(
    {
      kind: fc.constantFrom(...actionKinds),
      action: text.map(each => `Do ${each}`),
      why: text.map(String),
      who: fc.constantFrom(...whos),
      command: text.map(each => `jirakey ${each}`),
      url: fc.webUrl(),
      request: text.map(each => `Please do ${each}`),
      remedy: fc.constantFrom(...remedies),
      value: text.map(String),
    },
    {requiredKeys: ['kind', 'action', 'why', 'who']},
  );
  const code = fc.constantFrom(...failureCodes);
  const report: fc.Arbitrary<Report> = fc.record({
    schemaVersion: fc.constant(1 as const),
    outcome: fc.constantFrom(...outcomes),
    credential: fc.record({name: maybe(text), connector: fc.constantFrom(...connectors), url: text, username: text}),
    route: fc.constantFrom(...routes),
    site: fc.record({
      deployment: maybe(fc.constantFrom(...deployments)),
      version: maybe(text),
      title: maybe(text),
      cloudId: maybe(text),
    }),
    account: maybe(fc.record({displayName: text, id: text, email: maybe(text), active: fc.boolean()})),
    steps: fc.tuple(
      ...stepIds.map(id =>
        fc.record({
          id: fc.constant(id),
          status: fc.constantFrom('passed', 'failed', 'warning', 'skipped'),
          ms: fc.nat(),
          detail: text,
        }),
      ),
    ),
    failure: maybe(
      fc.record({
        code,
        step: fc.constantFrom(...stepIds),
        title: text.map(each => clean(`It ${each}`)),
        certainty: fc.constantFrom('proven', 'likely', 'possible'),
        evidence: fc.array(text, {maxLength: 4}),
        checklist: fc.array(action, {minLength: 2, maxLength: 6}),
      }),
    ),
    warnings: fc.array(fc.record({code, title: text}), {maxLength: 3}),
  });
  const day = moment.map(each => each.slice(0, 10));
  const proxy = fc.record(
    {address: text, because: text, login: fc.constant(true as const)},
    {requiredKeys: ['address', 'because']},
  );
  const any: fc.Arbitrary<PastTest> = fc.record({
    of: maybe(name),
    at: moment,
    since: moment,
    tries: fc.integer({min: 1, max: 1000}),
    lastPassed: maybe(moment),
    passedBy: maybe(
      fc.record({
        at: moment,
        node: text,
        username: text,
        account: maybe(text),
        scheme: fc.constantFrom(...schemes),
        route: fc.constantFrom(...routes),
        proxy: maybe(proxy),
        trust: fc.array(text, {maxLength: 3}),
        addresses: fc.array(text, {maxLength: 3}),
        expiresAt: maybe(day),
      }),
    ),
    runtime: fc.record({program: text, node: text, system: text}),
    scheme: fc.constantFrom(...schemes),
    expiresAt: maybe(day),
    proxy: maybe(proxy),
    trust: fc.array(text, {maxLength: 20}),
    report,
  });

  it('reads back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(any, test => {
        expect(parsePastTests(renderPastTests([test]))).toEqual([test]);
      }),
    );
  });

  it('is kept when its proxy asked for a login', () => {
    const proxy = {
      address: clean('http://proxy.acme.example:3128'),
      because: clean('HTTPS_PROXY'),
      login: true,
    } as const;
    const test = pastTestOf({report: down, facts: {...facts, proxy}}, {of: 'acme', at: new Date(), runtime});
    expect(parsePastTests(renderPastTests([test]))).toEqual([test]);
  });
});
