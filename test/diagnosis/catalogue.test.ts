import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {precedence} from '../../source/diagnosis/catalogue/precedence.ts';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {diagnose, fail, outcomeOf, warn} from '../../source/diagnosis/diagnose.ts';
import type {Facts, Seen} from '../../source/diagnosis/evidence.ts';
import {exampleFacts, exampleOf, explain, listCodes} from '../../source/diagnosis/explain.ts';
import type {Action} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {stepIds} from '../../source/domain/step.ts';
import {widthOf} from '../../source/text/width.ts';
import {answer, asHtml, asJson, certificate, cloud, dataCenter, proxied, trouble} from './fabricate.ts';

const awkward = 'O\'Brien; $(reboot) `id` "x" && *';
const nothing: Facts = {
  ...cloud,
  url: clean(''),
  host: clean(''),
  username: clean(''),
  deployment: null,
  cloudId: null,
  trust: [],
  timeoutSeconds: 0,
};
const situations: readonly (readonly [string, Facts])[] = [
  ['Cloud', exampleFacts],
  ['Data Center', {...dataCenter, name: clean('jira dc')}],
  ['a proxy', proxied(exampleFacts)],
  ['the gateway', {...exampleFacts, route: 'gateway', tokenKind: 'atlassian-service-account'}],
  ['nothing known', nothing],
  [
    'awkward names',
    {
      ...exampleFacts,
      username: clean(awkward),
      name: clean(awkward),
      detail: {code: 'url-invalid', reason: clean(awkward)},
    },
  ],
  ['a name that looks like an option', {...exampleFacts, name: clean('--store=/tmp')}],
  ['a bearer token', {...dataCenter, scheme: 'bearer', username: clean('')}],
  ['IPv6', {...dataCenter, host: clean('2001:db8::1'), port: 8443, url: clean('https://[2001:db8::1]:8443')}],
];
const seens: readonly Seen[] = [
  [],
  [
    trouble('CERT_HAS_EXPIRED', {
      chain: [certificate()],
      attempts: [
        ['2001:db8::1', 'X'],
        [awkward, 'X'],
      ],
      proxy: {address: clean(awkward), because: clean('HTTPS_PROXY')},
    }),
  ],
  [
    trouble('X', {
      host: awkward,
      chain: [certificate({issuer: awkward, subject: awkward, names: [awkward], issuerUrl: `http://x/${awkward}`})],
    }),
  ],
  [
    answer({
      status: 302,
      headers: {location: `https://x.example/${awkward}`, 'retry-after': awkward, server: awkward},
      body: asHtml(awkward),
    }),
  ],
  [
    answer({
      status: 403,
      url: `https://x.example/${awkward}`,
      body: asJson({errorMessages: [awkward], baseUrl: `https://x/${awkward}`}),
    }),
  ],
];
const every = failureCodes.flatMap(code => situations.flatMap(([, facts]) => seens.map(seen => ({code, facts, seen}))));
const actions: readonly Action[] = every.flatMap(({code, facts, seen}) => fail(code, 'site', facts, seen).checklist);

describe('every row of the catalogue', () => {
  test('has two to six actions whatever is known', () => {
    for (const {code, facts, seen} of every) {
      const {length} = fail(code, 'site', facts, seen).checklist;
      expect([code, length >= 2 && length <= 6]).toEqual([code, true]);
    }
  });
  test('says what proves it, and where and how it ends', () => {
    for (const code of failureCodes) {
      const {proof, steps, exit, kind} = catalogue[code];
      expect(proof.length).toBeGreaterThan(20);
      expect(steps.every(step => stepIds.includes(step))).toBe(true);
      expect(exit > 1 || kind === 'warning').toBe(true);
    }
  });
  test('has a signal and its place in the order, or is found without one', () => {
    const signalled = failureCodes.filter(code => catalogue[code].signal !== undefined);
    expect([...precedence].sort()).toEqual([...signalled].sort());
    expect(new Set(precedence).size).toBe(precedence.length);
  });
  test('has a title of one sentence, never empty, never with an empty place', () => {
    for (const {code, facts, seen} of every) {
      const {title} = warn(code, facts, seen);
      expect(title.length).toBeGreaterThan(8);
      expect(title.length).toBeLessThanOrEqual(400);
      expect(title, code).not.toMatch(/undefined|null|NaN|\[object|“”|\(\)/);
    }
  });
  test('counts as a refusal only where Jira itself refuses', () => {
    const refusing = failureCodes.filter(code => outcomeOf({code}) === 'failed');
    expect(refusing).toEqual(
      expect.arrayContaining(['credentials-rejected', 'captcha-required', 'permission-missing']),
    );
    for (const code of [
      'token-wrong-kind',
      'username-not-email',
      'sign-in-unclear',
      'intercepted',
      'store-changed',
    ] as const) {
      expect(refusing).not.toContain(code);
    }
    expect(outcomeOf(null)).toBe('passed');
  });
});

describe('every action', () => {
  test('is plain text on one line', () => {
    for (const {action, why, command = '', url = ''} of actions) {
      for (const text of [action, why, command, url]) expect(text).toBe(clean(text, 4000));
      expect(action.length * why.length).toBeGreaterThan(0);
      expect(`${action} ${why}`).not.toMatch(/undefined|\[object|NaN/);
    }
  });
  test('has an address a browser opens', () => {
    for (const {url} of actions) if (url !== undefined) expect(URL.canParse(url) && /^https?:/.test(url)).toBe(true);
  });
  test('uses only commands and options of jirakey that exist', () => {
    const known = new Set([
      'setup',
      'test',
      'list',
      'edit',
      'rotate',
      'remove',
      'doctor',
      'report',
      'explain',
      'show',
      'path',
      '--version',
      '--fix',
      '--lost-passphrase',
      '--store',
    ]);
    const options = new Set([
      '--url',
      '--username',
      '--watch',
      '--timeout',
      '--ca-file',
      '--proxy',
      '--resolve',
      '--name',
      '--lost-passphrase',
      '--version',
      '--fix',
      '--lost-passphrase',
      '--store',
      '--',
    ]);
    const plain = failureCodes.flatMap(code =>
      situations.slice(0, 4).flatMap(([, facts]) => fail(code, 'site', facts).checklist),
    );
    for (const {command = ''} of plain) {
      for (const [, verb = '', rest = ''] of command.matchAll(/(?:^|&& |=\S+ )jirakey (\S+)([^&|;]*)/g)) {
        expect([command, known.has(verb)]).toEqual([command, true]);
        for (const [option] of rest.matchAll(/--[\w-]*/g))
          expect([command, options.has(option)]).toEqual([command, true]);
      }
    }
  });
  test.skipIf(!existsSync('/bin/sh'))('is a command the shell reads, in which foreign words stay words', () => {
    const commands = [...new Set(actions.map(({command = ''}) => command).filter(each => each !== ''))];
    const script = commands.map((command, at) => `f${at}() {\n${command}\n}`).join('\n');
    execFileSync('/bin/sh', ['-n'], {input: script});
    for (const command of commands) {
      // With everything in single quotes taken out, nothing of the awkward text may be left for the shell to act on.
      const bare = command.replaceAll("'\\''", '').replace(/'[^']*'/g, '');
      expect(bare).not.toMatch(/reboot|`id`/);
    }
  });
  test('never names a way to switch verification off', () => {
    expect(JSON.stringify(actions)).not.toMatch(/--insecure|NODE_TLS_REJECT|-k\b|StrictHostKeyChecking/);
  });
});

describe('explain', () => {
  test('its certainty is the one a test gives, and says when another is given', () => {
    for (const {code, certainty} of listCodes()) {
      expect(certainty).toBe(fail(code, 'dns', exampleOf(code)).certainty);
      const noted = 'certaintyNote' in catalogue[code];
      expect(noted, code).toBe('certaintyOf' in catalogue[code]);
    }
    expect(explain('credentials-rejected').join(' ')).toMatch(/Certainty: proven; likely where the gateway could not/);
  });

  test.each(failureCodes)('%s is readable in 40 columns', code => {
    const lines = explain(code, null, {width: 40});
    const commands = new Set(fail(code, 'dns', exampleOf(code)).checklist.flatMap(({command, url}) => [command, url]));
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      if (!commands.has(line.trim())) expect(widthOf(line), line).toBeLessThanOrEqual(40);
    }
    expect(lines).toContain('Troubleshooting checklist');
    expect(lines[0]).toBe(code);
  });
  test('is ASCII where the terminal is', () => {
    for (const code of failureCodes)
      expect(explain(code, null, {unicode: false}).join('\n')).toMatch(/^[\n\u0020-\u007e]*$/);
  });
  test('takes real values', () => {
    const text = explain('dns-not-found', dataCenter).join('\n');
    expect(text).toContain('jira.acme.example');
    expect(text).not.toContain('examples');
  });
  test('lists every code once', () => {
    const codes = listCodes().map(({code}) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(failureCodes);
  });
});

describe('whatever was seen', () => {
  const text = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.constantFrom('\u001b[31m', '\u009b2J', '\u202e', awkward, 'true', 'Basic', '0'),
  );
  const names = fc.constantFrom(
    'server',
    'location',
    'retry-after',
    'x-seraph-loginreason',
    'www-authenticate',
    'atl-missing-tcs',
    'x-ausername',
    'date',
    'x-arequestid',
  );
  const answers = fc
    .record({
      status: fc.integer({min: 100, max: 599}),
      headers: fc.dictionary(names, text),
      title: text,
      purpose: fc.constantFrom(
        'look',
        'sign-in',
        'gateway-sign-in',
        'feed-users',
        'permissions',
        'status',
        'tenant-info' as const,
      ),
      value: fc.jsonValue(),
      html: fc.boolean(),
    })
    .map(({status, headers, title, purpose, value, html}) =>
      answer({status, headers, purpose, body: html ? asHtml(title) : asJson(value)}),
    );
  const troubles = fc
    .record({
      code: fc.oneof(
        fc.constantFrom(
          'ENOTFOUND',
          'TIMEOUT',
          'EPROTO',
          'CERT_HAS_EXPIRED',
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          'HPE_X',
        ),
        fc.string(),
      ),
      stage: fc.constantFrom('resolve', 'connect', 'proxy', 'handshake', 'request', 'answer' as const),
      message: text,
      issuer: text,
      spoken: text,
      to: fc.oneof(fc.constant('2026-01-01'), text),
    })
    .map(({code, stage, message, issuer, spoken, to}) =>
      trouble(code, {stage, message, spoken, chain: [certificate({issuer, to, issuerUrl: message})]}),
    );
  const seen = fc.array(fc.oneof(answers, troubles), {maxLength: 5});

  test('one cause is named, with evidence, a checklist and no control characters', () => {
    fc.assert(
      fc.property(
        seen,
        fc.constantFrom(cloud, dataCenter, nothing, proxied(cloud)),
        fc.constantFrom(...stepIds),
        (each, facts, step) => {
          const failure = diagnose(step, each, facts);
          expect(failureCodes).toContain(failure.code);
          expect(failure.checklist.length).toBeGreaterThanOrEqual(2);
          expect(failure.checklist.length).toBeLessThanOrEqual(6);
          expect(failure.evidence.length).toBeGreaterThan(0);
          expect(JSON.stringify(failure)).not.toMatch(/\\u00[019][0-9a-f]|\\u007f|[\u007f-\u009f\u202a-\u202e]/);
        },
      ),
      {numRuns: 400},
    );
  });
});
