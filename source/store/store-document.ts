/** The text of the store's file: its schema and its versions. */
import * as z from 'zod';
import {clean} from '../domain/clean.ts';
import {type Draft, draftSchema, givenUp, type SavedCredential, savedCredentialSchema} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import {newInSecondFormat} from '../vault/first-format.ts';

export const keyKinds = ['passphrase', 'age'] as const;

/** A further way to open the store: the same identity once more, as an age file of its own. */
const furtherKeySchema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(keyKinds),
  /** age1… that it is sealed to; null under a passphrase. */
  recipient: z.string().nullable(),
  addedAt: z.iso.datetime(),
  sealed: z.string(),
});
export type FurtherKey = z.infer<typeof furtherKeySchema>;

/** The store's key as it lies in the file. `id` and `recipient` are hints: what counts lies in the identity. */
export type KeyRing = Readonly<{
  id: string;
  recipient: string;
  /** The identity under the passphrase; null where no passphrase opens the store. */
  identity: string | null;
  keys: readonly FurtherKey[];
}>;

/** `ring` is null while nothing is sealed to a key. `seq` counts the changes. */
export type Contents = Readonly<{
  seq: number;
  ring: KeyRing | null;
  credentials: readonly SavedCredential[];
  draft: Draft | null;
}>;
export const nothing: Contents = {seq: 0, ring: null, credentials: [], draft: null};

/** Every sealed text, the draft's last. */
export const sealsOf = ({credentials, draft}: Contents): readonly string[] =>
  [...credentials.map(({sealed}) => sealed), draft?.sealed ?? givenUp].filter(sealed => sealed !== givenUp);

const currentVersion = 2;

const documentSchema = z
  .strictObject({
    version: z.literal(currentVersion),
    seq: z.int().nonnegative(),
    id: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .nullable(),
    recipient: z.string().startsWith('age1').nullable(),
    identity: z.string().nullable(),
    keys: z.array(furtherKeySchema),
    credentials: z.array(savedCredentialSchema),
    draft: draftSchema.nullable(),
  })
  .refine(({id, recipient}) => (id === null) === (recipient === null), {error: 'half a key', path: ['recipient']});

export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;
/** Each turns a document of the version it is listed under into one of the next version. */
export type Migrations = ReadonlyMap<number, Migration>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The seals stay as they are: they are made anew by the first unlock that opens them. */
const fromFirst: Migration = ({credentials, draft, ...document}) => ({
  ...document,
  seq: 0,
  id: null,
  recipient: null,
  identity: null,
  keys: [],
  credentials: Array.isArray(credentials) ? credentials.map(one => ({...newInSecondFormat, ...one})) : credentials,
  draft: isObject(draft) ? {connection: newInSecondFormat.connection, ...draft} : draft,
});

const migrations: Migrations = new Map([[1, fromFirst]]);

/** `migratedFrom` is the version the text had when that was an older one. */
export type Parsed = Readonly<{contents: Contents; migratedFrom: number | null}>;

/**
 * Reads the text of a store.
 * @param path named in the fault
 * @throws StoreFault store-newer, or store-damaged with the reason
 */
export function parse(text: string, path: string, steps: Migrations = migrations): Parsed {
  const document = parseJson(text, path);
  const found = document.version;
  if (typeof found !== 'number' || !Number.isInteger(found)) throw damaged(path, 'it names no version');
  if (found > currentVersion) {
    throw new StoreFault({code: 'store-newer', path, version: found, supported: currentVersion});
  }
  const result = documentSchema.safeParse(migrate(document, found, path, steps));
  if (!result.success) throw damaged(path, firstIssue(result.error));
  const {seq, id, recipient, identity, keys, credentials, draft} = result.data;
  const ring = id === null || recipient === null ? null : {id, recipient, identity, keys};
  return {contents: {seq, ring, credentials, draft}, migratedFrom: found === currentVersion ? null : found};
}

/** The text `parse` reads, indented for people. What it could not read again is an error. */
export function render({seq, ring, credentials, draft}: Contents): string {
  const {id, recipient, identity, keys} = ring ?? {id: null, recipient: null, identity: null, keys: []};
  const document = {version: currentVersion, seq, id, recipient, identity, keys, credentials, draft};
  return `${JSON.stringify(documentSchema.parse(document), null, 2)}\n`;
}

export const damaged = (path: string, reason: string): StoreFault =>
  new StoreFault({code: 'store-damaged', path, reason: clean(reason), part: 'file', backup: {state: 'absent'}});

function parseJson(text: string, path: string): Readonly<Record<string, unknown>> {
  // The parser's own message would repeat a piece of the file.
  let value: unknown;
  try {
    value = JSON.parse(text, withoutPrototypes);
  } catch {
    throw damaged(path, text.trim() === '' ? 'it is empty' : 'it is not JSON, or was cut off');
  }
  const record = z.record(z.string(), z.unknown()).safeParse(value);
  if (!record.success) throw damaged(path, 'it is not a JSON object');
  return record.data;
}

/** No document of ours has this key, and the schema would pass over it in silence. */
function withoutPrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError(key);
  return value;
}

function migrate(
  document: Readonly<Record<string, unknown>>,
  found: number,
  path: string,
  steps: Migrations,
): Readonly<Record<string, unknown>> {
  let migrated = document;
  for (let version = found; version < currentVersion; version++) {
    const step = steps.get(version);
    if (step === undefined) throw damaged(path, `nothing is known of version ${version}`);
    migrated = {...step(migrated), version: version + 1};
  }
  return migrated;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
  return clean(`${place}: ${issue?.message ?? 'unexpected'}`, 160);
}
