/** `jirakey passphrase`: every seal opened with the old one and made anew with the new one; then all are swapped at once. */
import {labels, type SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import type {Secret} from '../domain/secret.ts';
import {unlockDraft} from '../store/unlock.ts';
import {normalisePassphrase, ratePassphrase} from '../vault/passphrase.ts';
import {seal} from '../vault/seal.ts';
import type {World} from '../world.ts';
import type {Options} from './options.ts';
import type {Run} from './run.ts';
import {type Opened, openSaved, savedFrom, storeOf} from './saved.ts';
import {checkSources, readPassphrase} from './secrets.ts';
import {NotFound} from './tell.ts';
import {type Voice, voiceOf} from './voice.ts';

export const run: Run = async ({options}, world) => {
  const voice = voiceOf(world, options);
  checkSources(options);
  const store = storeOf(options, world);
  const before = await store.read();
  const [first, ...others] = before.credentials;
  if (first === undefined) {
    throw new NotFound('nothing is saved yet, so there is no passphrase to change.', [
      'It is chosen with the first credential: jirakey',
    ]);
  }
  const opened = [await openSaved(first, options, world, voice)];
  const old = opened[0]?.passphrase;
  if (old === undefined) throw new Error('an opened credential has its passphrase');
  for (const saved of others) opened.push(await openSaved(saved, options, world, voice, old));
  const draftContent = before.draft === null ? null : await unlockDraft(before.draft, old);
  const next = await newPassphrase(options, world, voice, opened);
  if (normalisePassphrase(next.reveal()) === normalisePassphrase(old.reveal())) {
    throw new UsageFault('the new passphrase is the old one; nothing was changed.');
  }
  voice.note(`Sealing ${opened.length === 1 ? 'one credential' : `${opened.length} credentials`} anew …`);
  const credentials: SavedCredential[] = [];
  for (const [index, each] of opened.entries()) {
    credentials.push(await resealed(each, before.credentials[index]?.lastTest ?? null, next, world));
  }
  const draft =
    before.draft === null
      ? null
      : {
          ...before.draft,
          sealed: draftContent === null ? null : await seal(draftContent, next, {signal: world.interrupted}),
        };
  await store.replaceAll({credentials, draft}, before);
  voice.result(`The passphrase is changed. It opens ${credentials.map(({name}) => `“${name}”`).join(', ')}.`);
  return exit.done;
};

async function resealed(
  {content, token}: Opened,
  lastTest: SavedCredential['lastTest'],
  passphrase: Secret,
  world: World,
): Promise<SavedCredential> {
  const next = {...content, token: token.reveal(), seq: content.seq + 1, sealedAt: world.now().toISOString()};
  return savedFrom(next, await seal(next, passphrase, {signal: world.interrupted}), lastTest);
}

async function newPassphrase(options: Options, world: World, voice: Voice, opened: readonly Opened[]): Promise<Secret> {
  const context = opened.flatMap(({content, token}) => [content.url, content.username, token.reveal()]);
  const given = await readPassphrase(options, world, voice, 'new-passphrase');
  if (given !== null) {
    const rating = await ratePassphrase(given.reveal(), context);
    if (rating.score === 0 && !rating.ok) throw new UsageFault(`the new passphrase: ${rating.sentence}`);
    if (!rating.ok) voice.note(`Warning: the new passphrase: ${rating.sentence}`);
    return given;
  }
  const {canAsk} = await import('./ask.ts');
  if (!canAsk(world)) {
    throw new UsageFault('the new passphrase is missing, and there is no terminal to ask on.', [
      'Give it by --new-passphrase-file F, --new-passphrase-fd N or --new-passphrase-command CMD.',
    ]);
  }
  return askNew(options, world, voice, context);
}

async function askNew(options: Options, world: World, voice: Voice, context: readonly string[]): Promise<Secret> {
  const {askSecret} = await import('./ask.ts');
  for (;;) {
    const typed = await askSecret(world, options, {
      label: `New ${labels.passphrase.toLowerCase()}`,
      hint: 'At least 12 characters; several words are best.',
    });
    const rating = await ratePassphrase(typed.reveal(), context);
    if (!rating.ok) {
      voice.alarm(rating.sentence);
      continue;
    }
    const again = await askSecret(world, options, {label: labels.confirm, hint: rating.sentence});
    if (normalisePassphrase(again.reveal()) === normalisePassphrase(typed.reveal())) return typed;
    voice.alarm('The two differ. Once more.');
  }
}
