/** A clear copy that differs from what is sealed is found, for every field and every pair of fields. */
import {expect, test} from 'vitest';
import {boundFields, type Draft, type SavedCredential} from '../../source/domain/credential.ts';
import {unlock, unlockDraft} from '../../source/store/unlock.ts';
import {seal} from '../../source/vault/seal.ts';
import {content, otherPassphrase, passphrase, quick} from '../vault/content.ts';
import {draft, faultOf} from './samples.ts';

const {v: _, token, ...copies} = content();
const original = async (): Promise<SavedCredential> => ({
  ...copies,
  lastTest: null,
  sealed: await seal(content(), passphrase, quick),
});

const edits = {
  name: 'Another',
  description: '',
  connector: 'jira-feeds',
  url: 'https://acme.atlassian.net.evil.example',
  username: 'them@acme.com',
  scheme: 'bearer',
  route: 'gateway',
  cloudId: '11111111-2222-3333-4444-555555555555',
  expiresAt: null,
  sealedAt: '2027-01-01T00:00:00.000Z',
  seq: 4,
} as const satisfies Partial<SavedCredential>;

test('an untouched credential opens', async () => {
  expect(await unlock(await original(), passphrase)).toEqual(content());
  expect((await faultOf(unlock(await original(), otherPassphrase))).code).toBe('passphrase-wrong');
});

test('the last test result is no secret and not sealed', async () => {
  const lastTest = {outcome: 'passed', code: null, at: '2026-11-23T10:00:00.000Z'} as const;
  expect(await unlock({...(await original()), lastTest}, passphrase)).toEqual(content());
});

test('every bound field has an edit here', () => {
  expect(Object.keys(edits).sort()).toEqual([...boundFields].sort());
});

test.each(boundFields)('an edited %s is found, and both values are shown', async field => {
  const changed = {...(await original()), [field]: edits[field]};
  const fault = await faultOf(unlock(changed, passphrase));
  const shown = (value: unknown): string => (value === null ? 'none' : String(value));
  expect(fault).toMatchObject({
    code: 'store-changed',
    facts: {field, fields: field, clear: shown(edits[field]), sealed: shown(copies[field])},
  });
  expect(`${fault.message}${JSON.stringify(fault.facts)}`).not.toContain(token);
});

test('every pair of edited fields is found', async () => {
  const untouched = await original();
  for (const [at, one] of boundFields.entries()) {
    for (const other of boundFields.slice(at + 1)) {
      const fault = await faultOf(unlock({...untouched, [one]: edits[one], [other]: edits[other]}, passphrase));
      expect(fault.facts.fields).toBe(`${one}, ${other}`);
    }
  }
});

test('an older seal of the same credential, put back, is found', async () => {
  const older = await seal(content({seq: 2, token: 'older'}), passphrase, quick);
  expect((await faultOf(unlock({...(await original()), sealed: older}, passphrase))).facts.fields).toBe('seq');
});

test('the seal of another credential, put in its place, is found', async () => {
  const other = await seal(content({name: 'Other', url: 'https://other.atlassian.net'}), passphrase, quick);
  expect((await faultOf(unlock({...(await original()), sealed: other}, passphrase))).facts.fields).toBe('name, url');
});

test('escape sequences in an edited copy do not reach the message', async () => {
  const fault = await faultOf(unlock({...(await original()), name: 'x\u001b]0;owned\u0007y'}, passphrase));
  expect(JSON.stringify([fault.message, fault.facts])).not.toContain('u001b');
});

test('a draft opens only for the site, the username and the connector it was sealed for', async () => {
  const half: Draft = {
    ...draft,
    name: 'Any name',
    connector: copies.connector,
    url: copies.url,
    username: copies.username,
    sealed: await seal(content(), passphrase, quick),
  };
  expect(await unlockDraft(half, passphrase)).toEqual(content());
  expect(await unlockDraft({...half, sealed: null}, passphrase)).toBeNull();
  for (const field of ['connector', 'url', 'username'] as const) {
    expect((await faultOf(unlockDraft({...half, [field]: edits[field]}, passphrase))).facts.field).toBe(field);
  }
});
