/** Holds the clear copies beside a seal against what is sealed. */
import {type Clean, clean} from '../domain/clean.ts';
import {withoutProxyLogin} from '../domain/connection-settings.ts';
import {boundFields, type Draft, type SavedCredential, type SealedContent} from '../domain/credential.ts';
import {StoreFault} from '../domain/fault.ts';
import {backupState} from './rescue.ts';
import {credentialNamed, type SealedThing, theDraft} from './seal-faults.ts';

type Bound = (typeof boundFields)[number];
type Value = SavedCredential[Bound];

// All that stands in both: whenever an answer of a draft with a token changes, its token is sealed anew with it.
const draftFields = [
  'connector',
  'name',
  'description',
  'url',
  'username',
  'connection',
  'expiresAt',
] as const satisfies readonly (Bound & keyof Draft)[];

/** @throws StoreFault store-changed when a clear copy differs */
export const requireSame = (saved: SavedCredential, content: SealedContent, file: string): Promise<void> =>
  compare(saved, copiesOf(content), boundFields, credentialNamed(saved.name), file);

/** Every answer beside the draft's seal must be the one that was sealed. @throws StoreFault store-changed */
export const requireSameDraft = (draft: Draft, content: SealedContent, file: string): Promise<void> =>
  compare(draft, copiesOf(content), draftFields, theDraft, file);

const copiesOf = (content: SealedContent): Readonly<Record<Bound, Value>> => ({
  ...content,
  connection: withoutProxyLogin(content.connection),
});

async function compare<Field extends Bound>(
  copy: Readonly<Record<Field, Value>>,
  sealed: Readonly<Record<Field, Value>>,
  fields: readonly Field[],
  {what}: SealedThing,
  file: string,
): Promise<void> {
  const changed = fields.filter(field => JSON.stringify(copy[field]) !== JSON.stringify(sealed[field]));
  if (changed.length === 0) return;
  throw new StoreFault({
    code: 'store-changed',
    path: file,
    backup: await backupState(file),
    what,
    fields: changed.map(field => ({field, clear: shown(copy[field]), sealed: shown(sealed[field])})),
  });
}

const shown = (value: Value): Clean | null =>
  value === null ? null : clean(typeof value === 'object' ? JSON.stringify(value) : value);
