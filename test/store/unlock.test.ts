/** A clear copy that differs from what is sealed is found, for every field and every pair of fields. */
import {expect, test} from 'vitest';
import {boundFields, type Draft, type SavedCredential} from '../../source/domain/credential.ts';
import type {StoreFault} from '../../source/domain/fault.ts';
import {unlock, unlockDraft} from '../../source/store/unlock.ts';
import {seal} from '../../source/vault/seal.ts';
import {content, otherPassphrase, passphrase, quick} from '../vault/content.ts';
import {draft, faultOf} from './samples.ts';

const {v: _, token, ...copies} = content();
const file = '/nowhere/config.json';
const fieldsOf = ({problem}: StoreFault): string =>
  problem.code === 'store-changed' ? problem.fields.map(({field}) => field).join(', ') : problem.code;

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
  expect(await unlock(await original(), passphrase, file)).toEqual(content());
  expect((await faultOf(unlock(await original(), otherPassphrase, file))).code).toBe('passphrase-wrong');
});

test('the last test result is no secret and not sealed', async () => {
  const lastTest = {outcome: 'passed', code: null, at: '2026-11-23T10:00:00.000Z'} as const;
  expect(await unlock({...(await original()), lastTest}, passphrase, file)).toEqual(content());
});

test('every bound field has an edit here', () => {
  expect(Object.keys(edits).sort()).toEqual([...boundFields].sort());
});

test.each(boundFields)('an edited %s is found, and both values are shown', async field => {
  const changed = {...(await original()), [field]: edits[field]};
  const fault = await faultOf(unlock(changed, passphrase, file));
  const shown = (value: unknown): string | null => (value === null ? null : String(value));
  expect(fault).toMatchObject({
    code: 'store-changed',
    problem: {path: file, fields: [{field, clear: shown(edits[field]), sealed: shown(copies[field])}]},
  });
  expect(`${fault.message}${JSON.stringify(fault.problem)}`).not.toContain(token);
});

test('every pair of edited fields is found', async () => {
  const untouched = await original();
  for (const [at, one] of boundFields.entries()) {
    for (const other of boundFields.slice(at + 1)) {
      const fault = await faultOf(unlock({...untouched, [one]: edits[one], [other]: edits[other]}, passphrase, file));
      expect(fieldsOf(fault)).toBe(`${one}, ${other}`);
    }
  }
});

test('an older seal of the same credential, put back, is found', async () => {
  const older = await seal(content({seq: 2, token: 'older'}), passphrase, quick);
  expect(fieldsOf(await faultOf(unlock({...(await original()), sealed: older}, passphrase, file)))).toBe('seq');
});

test('the seal of another credential, put in its place, is found', async () => {
  const other = await seal(content({name: 'Other', url: 'https://other.atlassian.net'}), passphrase, quick);
  expect(fieldsOf(await faultOf(unlock({...(await original()), sealed: other}, passphrase, file)))).toBe('name, url');
});

test('escape sequences in an edited copy do not reach the message', async () => {
  const fault = await faultOf(unlock({...(await original()), name: 'x\u001b]0;owned\u0007y'}, passphrase, file));
  expect(JSON.stringify([fault.message, fault.problem])).not.toContain('u001b');
});

const half = async (): Promise<Draft> => ({
  ...draft,
  connector: copies.connector,
  name: copies.name,
  description: copies.description,
  url: copies.url,
  username: copies.username,
  expiresAt: copies.expiresAt,
  sealed: await seal(content(), passphrase, quick),
});
const draftFields = ['connector', 'name', 'description', 'url', 'username', 'expiresAt'] as const;

test('a draft opens only beside the answers it was sealed with, each and every pair of them', async () => {
  const whole = await half();
  expect(await unlockDraft(whole, passphrase, file)).toEqual(content());
  expect(await unlockDraft({...whole, sealed: null}, passphrase, file)).toBeNull();
  for (const [at, field] of draftFields.entries()) {
    expect(fieldsOf(await faultOf(unlockDraft({...whole, [field]: edits[field]}, passphrase, file)))).toBe(field);
    for (const other of draftFields.slice(at + 1)) {
      const changed = {...whole, [field]: edits[field], [other]: edits[other]};
      expect(fieldsOf(await faultOf(unlockDraft(changed, passphrase, file)))).toBe(`${field}, ${other}`);
    }
  }
});

test('the seal of a saved credential in the place of a draft’s is found, and the other way round', async () => {
  const other = await seal(content({name: 'Other', url: 'https://other.atlassian.net'}), passphrase, quick);
  expect(fieldsOf(await faultOf(unlockDraft({...(await half()), sealed: other}, passphrase, file)))).toBe('name, url');
  const draftSeal = await seal(content({name: 'Half', seq: 1}), passphrase, quick);
  const taken = await faultOf(unlock({...(await original()), sealed: draftSeal}, passphrase, file));
  expect(fieldsOf(taken)).toBe('name, seq');
});
