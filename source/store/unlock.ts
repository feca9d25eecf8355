/** Opens a credential and holds its clear copies against what is sealed. */

import {clean} from '../domain/clean.ts';
import {boundFields, type Draft, type SavedCredential, type SealedContent} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {open} from '../vault/seal.ts';

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
 * @throws StoreFault passphrase-wrong, store-damaged, memory-too-small, or store-changed when a clear copy differs
 */
export async function unlock(saved: SavedCredential, passphrase: Secret): Promise<SealedContent> {
  return matching(saved, await open(saved.sealed, passphrase));
}

/** What was opened, held against the clear copies beside it. @throws StoreFault store-changed */
export function matching(saved: SavedCredential, content: SealedContent): SealedContent {
  compare(saved, content, boundFields, `the saved credential “${clean(saved.name, 80)}”`);
  return content;
}

/**
 * The sealed part of a draft, or null when its token was not given yet.
 * @throws as `unlock`; every answer beside the seal must be the one that was sealed
 */
export async function unlockDraft(draft: Draft, passphrase: Secret): Promise<SealedContent | null> {
  if (draft.sealed === null) return null;
  const content = await open(draft.sealed, passphrase);
  compare(draft, content, draftFields, 'the draft');
  return content;
}

function compare<Field extends Bound>(
  copy: Readonly<Record<Field, string | number | null>>,
  content: SealedContent,
  fields: readonly Field[],
  what: string,
): void {
  const changed = fields.filter(field => copy[field] !== content[field]);
  const first = changed[0];
  if (first === undefined) return;
  const shown = (value: string | number | null): string => (value === null ? 'none' : clean(value));
  throw new StoreFault('store-changed', `${changed.join(', ')} of ${what} was changed outside jirakey`, {
    fields: changed.join(', '),
    field: first,
    clear: shown(copy[first]),
    sealed: shown(content[first]),
    ...Object.fromEntries(
      changed.flatMap(field => [
        [`clear.${field}`, shown(copy[field])],
        [`sealed.${field}`, shown(content[field])],
      ]),
    ),
  });
}
