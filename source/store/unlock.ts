/** Opens a credential and holds its clear copies against what is sealed. */

import {type Clean, clean} from '../domain/clean.ts';
import {boundFields, type Draft, type SavedCredential, type SealedContent} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {open, type SealOptions, seal} from '../vault/seal.ts';
import {SealFault} from '../vault/seal-fault.ts';
import {backupState} from './rescue.ts';

type Bound = (typeof boundFields)[number];

// All that stands in both: whenever an answer of a draft with a token changes, its token is sealed anew with it.
const draftFields = [
  'connector',
  'name',
  'description',
  'url',
  'username',
  'expiresAt',
] as const satisfies readonly (Bound & keyof Draft)[];

/**
 * The sealed truth of a saved credential. Build requests from this and from nothing else.
 * @param file the store's, named in the faults
 * @throws StoreFault passphrase-wrong, store-damaged, memory-too-small, or store-changed when a clear copy differs
 */
export async function unlock(saved: SavedCredential, passphrase: Secret, file: string): Promise<SealedContent> {
  const content = await withFile(() => open(saved.sealed, passphrase), file, clean(saved.name, 80));
  return matching(saved, content, file);
}

/** What was opened, held against the clear copies beside it. @throws StoreFault store-changed */
export async function matching(saved: SavedCredential, content: SealedContent, file: string): Promise<SealedContent> {
  await compare(saved, content, boundFields, {what: `the saved credential “${clean(saved.name, 80)}”`, file});
  return content;
}

/**
 * The sealed part of a draft, or null when its token was not given yet.
 * @throws as `unlock`; every answer beside the seal must be the one that was sealed
 */
export async function unlockDraft(draft: Draft, passphrase: Secret, file: string): Promise<SealedContent | null> {
  const {sealed} = draft;
  if (sealed === null) return null;
  const content = await withFile(() => open(sealed, passphrase), file);
  await compare(draft, content, draftFields, {what: 'the draft', file});
  return content;
}

/** A new seal for the store in `file`. @throws StoreFault memory-too-small; the signal's reason when it is aborted */
export const sealFor = (
  file: string,
  content: SealedContent,
  passphrase: Secret,
  options: SealOptions = {},
): Promise<string> => withFile(() => seal(content, passphrase, options), file);

/** What the vault throws, as a fault of the store in `file`. @param of the credential whose seal it is */
export async function withFile<Result>(
  work: () => Promise<Result>,
  file: string,
  of: Clean | null = null,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    const {problem} = error;
    switch (problem.code) {
      case 'does-not-open': {
        const backup = await backupState(file);
        throw new StoreFault({code: 'passphrase-wrong', path: file, backup, of, state: 'does-not-open'});
      }
      case 'malformed': {
        const backup = await backupState(file);
        throw new StoreFault({code: 'store-damaged', path: file, backup, reason: clean(problem.reason), part: 'seal'});
      }
      case 'memory-too-small':
        throw new StoreFault({...problem, path: file});
    }
  }
}

async function compare<Field extends Bound>(
  copy: Readonly<Record<Field, string | number | null>>,
  content: SealedContent,
  fields: readonly Field[],
  {what, file}: Readonly<{what: string; file: string}>,
): Promise<void> {
  const changed = fields.filter(field => copy[field] !== content[field]);
  if (changed.length === 0) return;
  const shown = (value: string | number | null): Clean | null => (value === null ? null : clean(value));
  throw new StoreFault({
    code: 'store-changed',
    path: file,
    backup: await backupState(file),
    what: clean(what),
    fields: changed.map(field => ({field, clear: shown(copy[field]), sealed: shown(content[field])})),
  });
}
