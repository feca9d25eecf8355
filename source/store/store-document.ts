/** The text of the store's file: its schema and its versions. */
import * as z from 'zod';
import {clean} from '../domain/clean.ts';
import {type Draft, draftSchema, type SavedCredential, savedCredentialSchema} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';

export type Contents = Readonly<{credentials: readonly SavedCredential[]; draft: Draft | null}>;
export const nothing: Contents = {credentials: [], draft: null};

const currentVersion = 1;

const documentSchema = z.strictObject({
  version: z.literal(currentVersion),
  credentials: z.array(savedCredentialSchema),
  draft: draftSchema.nullable(),
});

export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;
/** Each turns a document of the version it is listed under into one of the next version. */
export type Migrations = ReadonlyMap<number, Migration>;

// Version 1 is the first there is.
const migrations: Migrations = new Map();

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
  const {credentials, draft} = result.data;
  return {contents: {credentials, draft}, migratedFrom: found === currentVersion ? null : found};
}

/** The text `parse` reads, indented for people. What it could not read again is an error. */
export function render(contents: Contents): string {
  const document = {version: currentVersion, credentials: contents.credentials, draft: contents.draft};
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
