import {readdir, readFile} from 'node:fs/promises';
import {Ajv2020} from 'ajv/dist/2020.js';
import {describe, expect, test} from 'vitest';
import {failureCodes} from '../../source/diagnosis/codes.ts';
import {fail, outcomeOf, warn} from '../../source/diagnosis/diagnose.ts';
import {credentialSchema, listSchema, schemaFiles, schemaText} from '../../source/diagnosis/documents.ts';
import {exampleOf} from '../../source/diagnosis/explain.ts';
import {reportJson} from '../../source/diagnosis/report-text.ts';
import type {Report} from '../../source/diagnosis/test-report.ts';
import {testSchema} from '../../source/diagnosis/test-report.ts';
import {clean} from '../../source/domain/clean.ts';
import {stepIds} from '../../source/domain/step.ts';

const folder = new URL('../../schemas/', import.meta.url);

function reportOf(code: (typeof failureCodes)[number]): Report {
  const facts = exampleOf(code);
  const failure = fail(code, 'sign-in', facts, [], [clean('something was seen')]);
  return {
    schemaVersion: 1,
    outcome: outcomeOf(failure),
    credential: {name: null, connector: facts.connector, url: facts.url, username: facts.username},
    route: facts.route,
    site: {deployment: facts.deployment, version: null, title: null, cloudId: facts.cloudId},
    account: {displayName: clean('You'), id: clean('1'), email: null, active: true},
    steps: stepIds.map(id => ({id, status: 'skipped', ms: 0, detail: clean('not reached')})),
    failure,
    warnings: [warn(code, facts)],
  };
}

const saved = {
  name: 'prod',
  description: '',
  connector: 'jira-feeds',
  url: 'https://acme.atlassian.net',
  username: 'you@acme.com',
  route: 'site',
  connection: {proxy: null, certificates: [], caOnly: false, addresses: [], timeoutSeconds: null},
  expiresAt: '2027-01-31',
  lastTest: {outcome: 'failed', code: 'token-expired', at: '2026-11-23T02:00:00.000Z'},
};

describe('the JSON Schema files', () => {
  // After a change of the schema: npm run schemas
  test.each(Object.entries(schemaFiles))('%s is current', async (name, schema) => {
    await expect(schemaText(schema)).toMatchFileSnapshot(new URL(name, folder).pathname);
  });

  test('are these and no others, and ship with the package', async () => {
    expect((await readdir(folder)).sort()).toEqual(Object.keys(schemaFiles).sort());
    const {files} = JSON.parse(await readFile(new URL('../package.json', folder), 'utf8'));
    expect(files).toContain('schemas');
  });

  test('every report fits, by the file and by the source', async () => {
    const ajv = new Ajv2020({strict: false, validateFormats: false});
    const valid = ajv.compile(JSON.parse(await readFile(new URL('test.schema.json', folder), 'utf8')));
    for (const code of failureCodes) {
      const document: unknown = JSON.parse(reportJson(reportOf(code)));
      expect([code, valid(document), valid.errors]).toEqual([code, true, null]);
      expect(testSchema.safeParse(document).success).toBe(true);
    }
  });

  test('what is no report does not fit', () => {
    const report = reportOf('dns-not-found');
    const wrong: readonly object[] = [
      {...report, schemaVersion: 2},
      {...report, outcome: 'ok'},
      {...report, steps: report.steps.slice(1)},
      {...report, token: 'x'},
      {...report, warnings: [{code: 'no-such-code', title: 'x'}]},
    ];
    for (const document of wrong) expect(testSchema.safeParse(document).success).toBe(false);
  });

  test('saved credentials fit, and nothing secret has a place', () => {
    expect(credentialSchema.safeParse(saved).success).toBe(true);
    expect(credentialSchema.safeParse({...saved, expiresAt: null, lastTest: null}).success).toBe(true);
    expect(listSchema.safeParse({schemaVersion: 1, credentials: [saved]}).success).toBe(true);
    expect(credentialSchema.safeParse({...saved, sealed: 'x'}).success).toBe(false);
    expect(credentialSchema.safeParse({...saved, token: 'x'}).success).toBe(false);
  });
});
