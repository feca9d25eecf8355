/** A clear copy that differs from what is sealed is found, for every field and every pair of fields. */
import {writeFileSync} from 'node:fs';
import {afterAll, expect, test} from 'vitest';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {
  boundFields,
  type Draft,
  type SavedCredential,
  type SealedContent,
  savedFrom,
} from '../../source/domain/credential.ts';
import type {StoreFault} from '../../source/domain/fault.ts';
import {openStore} from '../../source/store/store.ts';
import {seal} from '../../source/vault/seal.ts';
import {lockKey, makeStoreKey} from '../../source/vault/store-key.ts';
import {forgedSeal} from '../support/sealed-store.ts';
import {content, otherPassphrase, passphrase} from '../vault/content.ts';
import {draft, faultOf, temporaryFolder} from './samples.ts';

const {v: _, token, ...copies} = content();

const place = temporaryFolder();
afterAll(() => place.remove());
const key = await makeStoreKey();
/** A store of that key in which nothing is saved: what is opened is handed to it. */
const store = openStore(place.folder);
const file = store.path;
const ring = {id: key.id, recipient: key.recipient, identity: await lockKey(key, passphrase)};
writeFileSync(file, JSON.stringify({version: 2, seq: 1, ...ring, keys: [], credentials: [], draft: null}), {
  mode: 0o600,
});
const unlocked = store.unlock(passphrase);
const unlock = async (saved: SavedCredential): Promise<SealedContent> => (await unlocked).open(saved);
const unlockDraft = async (half: Draft): Promise<SealedContent | null> => (await unlocked).openDraft(half);
const fieldsOf = ({problem}: StoreFault): string =>
  problem.code === 'store-changed' ? problem.fields.map(({field}) => field).join(', ') : problem.code;

const original = async (): Promise<SavedCredential> => ({
  ...copies,
  lastTest: null,
  sealed: await seal(content(), key),
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
  accountKind: 'service',
  connection: {...noConnectionSettings, caOnly: true},
  expiresAt: null,
  sealedAt: '2027-01-01T00:00:00.000Z',
  seq: 4,
} as const satisfies Partial<SavedCredential>;

test('an untouched credential opens', async () => {
  expect(await unlock(await original())).toEqual(content());
  expect((await faultOf(openStore(place.folder).unlock(otherPassphrase))).code).toBe('passphrase-wrong');
});

test('the last test result is no secret and not sealed', async () => {
  const lastTest = {outcome: 'passed', code: null, at: '2026-11-23T10:00:00.000Z'} as const;
  expect(await unlock({...(await original()), lastTest})).toEqual(content());
});

test('every bound field has an edit here', () => {
  expect(Object.keys(edits).sort()).toEqual([...boundFields].sort());
});

test.each(boundFields)('an edited %s is found, and both values are shown', async field => {
  const changed = {...(await original()), [field]: edits[field]};
  const fault = await faultOf(unlock(changed));
  const shown = (value: unknown): string | null =>
    value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
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
      const fault = await faultOf(unlock({...untouched, [one]: edits[one], [other]: edits[other]}));
      expect(fieldsOf(fault)).toBe(`${one}, ${other}`);
    }
  }
});

test('an older seal of the same credential, put back, is found', async () => {
  const older = await seal(content({seq: 2, token: 'older'}), key);
  expect(fieldsOf(await faultOf(unlock({...(await original()), sealed: older})))).toBe('seq');
});

test('the seal of another credential, put in its place, is found', async () => {
  const other = await seal(content({name: 'Other', url: 'https://other.atlassian.net'}), key);
  expect(fieldsOf(await faultOf(unlock({...(await original()), sealed: other})))).toBe('name, url');
});

test('escape sequences in an edited copy do not reach the message', async () => {
  const fault = await faultOf(unlock({...(await original()), name: 'x\u001b]0;owned\u0007y'}));
  expect(JSON.stringify([fault.message, fault.problem])).not.toContain('u001b');
});

const half = async (): Promise<Draft> => ({
  ...draft,
  connector: copies.connector,
  name: copies.name,
  description: copies.description,
  url: copies.url,
  username: copies.username,
  connection: copies.connection,
  expiresAt: copies.expiresAt,
  sealed: await seal(content(), key),
});
const draftFields = ['connector', 'name', 'description', 'url', 'username', 'connection', 'expiresAt'] as const;

test('a draft opens only beside the answers it was sealed with, each and every pair of them', async () => {
  const whole = await half();
  expect(await unlockDraft(whole)).toEqual(content());
  expect(await unlockDraft({...whole, sealed: null})).toBeNull();
  for (const [at, field] of draftFields.entries()) {
    expect(fieldsOf(await faultOf(unlockDraft({...whole, [field]: edits[field]})))).toBe(field);
    for (const other of draftFields.slice(at + 1)) {
      const changed = {...whole, [field]: edits[field], [other]: edits[other]};
      expect(fieldsOf(await faultOf(unlockDraft(changed)))).toBe(`${field}, ${other}`);
    }
  }
});

test('the seal of a saved credential in the place of a draft’s is found, and the other way round', async () => {
  const other = await seal(content({name: 'Other', url: 'https://other.atlassian.net'}), key);
  expect(fieldsOf(await faultOf(unlockDraft({...(await half()), sealed: other})))).toBe('name, url');
  const draftSeal = await seal(content({name: 'Half', seq: 1}), key);
  const taken = await faultOf(unlock({...(await original()), sealed: draftSeal}));
  expect(fieldsOf(taken)).toBe('name, seq');
});

test('a proxy’s login is no clear copy, and everything else of the connection is', async () => {
  const proxy = {url: 'http://proxy.acme.example:3128', username: 'us', password: 'hidden'};
  const inside = content({connection: {...noConnectionSettings, proxy}});
  const saved = savedFrom(inside, await seal(inside, key), null);
  expect(JSON.stringify(saved)).not.toContain('hidden');
  expect(await unlock(saved)).toEqual(inside);
  const elsewhere = {
    ...saved.connection,
    proxy: {...proxy, url: 'http://evil.example:3128', username: null, password: null},
  };
  expect(fieldsOf(await faultOf(unlock({...saved, connection: elsewhere})))).toBe('connection');
});

test('a seal made by who has the recipient alone is not this store’s', async () => {
  const stranger = await makeStoreKey();
  for (const forger of [{...stranger, recipient: key.recipient}, stranger, {...key, id: stranger.id}]) {
    const sealed = await forgedSeal(content(), forger);
    const fault = await faultOf(unlock({...(await original()), sealed}));
    expect(fault).toMatchObject({code: 'store-changed', problem: {fields: []}});
  }
});

test('a store’s key that was exchanged for another one under the same passphrase is found', async () => {
  const other = await makeStoreKey();
  const elsewhere = temporaryFolder();
  const document = {
    version: 2,
    seq: 1,
    ...ring,
    identity: await lockKey(other, passphrase),
    keys: [],
    credentials: [],
    draft: null,
  };
  writeFileSync(openStore(elsewhere.folder).path, JSON.stringify(document), {mode: 0o600});
  expect((await faultOf(openStore(elsewhere.folder).unlock(passphrase))).code).toBe('store-changed');
  elsewhere.remove();
});

test('a store whose key was taken out of the file gets no new one', async () => {
  const elsewhere = temporaryFolder();
  const keyless = {version: 2, seq: 1, id: null, recipient: null, identity: null, keys: [], draft: null};
  const credentials = [await original()];
  writeFileSync(openStore(elsewhere.folder).path, JSON.stringify({...keyless, credentials}), {mode: 0o600});
  expect((await faultOf(openStore(elsewhere.folder).unlock(passphrase))).code).toBe('store-changed');
  elsewhere.remove();
});
