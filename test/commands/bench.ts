/** A store of one test, credentials sealed into it, and jirakey run on it in this process or as the built program. */

import {join} from 'node:path';
import {afterEach, beforeEach} from 'vitest';
import {main} from '../../source/commands/main.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import type {SavedCredential, SealedContent} from '../../source/domain/credential.ts';
import {openStore} from '../../source/store/store.ts';
import {syntheticToken} from '../support/jira.ts';
import {type Ended, folder, type ProgramOptions, run} from '../support/program.ts';
import {saveSealed} from '../support/sealed-store.ts';
import {type FakeOptions, fakeWorld} from '../support/world.ts';

export const username = 'you@acme.com';
export const passphrase = 'one two three four five';
export const unlocked = {JIRAKEY_PASSPHRASE: passphrase};

export function bench() {
  const token = syntheticToken();
  let place: ReturnType<typeof folder>;
  beforeEach(() => {
    place = folder();
  });
  afterEach(() => place.remove());
  const directory = () => join(place.path, 'store');
  const store = () => openStore(directory());

  /** In this process. `terminal`: stdout is one. */
  async function jirakey(argv: readonly string[], options: FakeOptions & {terminal?: boolean} = {}) {
    const fake = fakeWorld({...options, env: {JIRAKEY_STORE: directory(), PATH: process.env.PATH, ...options.env}});
    if (options.terminal) Object.assign(fake.world.stdout, {isTTY: true});
    const code = await main(argv, fake.world);
    return {code, stdout: fake.stdout(), stderr: fake.stderr()};
  }

  /** The built program, as a process of its own. */
  const program = (argv: readonly string[], options: ProgramOptions = {}): Promise<Ended> =>
    run(argv, {...options, env: {JIRAKEY_STORE: directory(), ...options.env}});

  /** Saves a sealed credential. */
  async function save(change: Partial<SealedContent> = {}, phrase = passphrase): Promise<SavedCredential> {
    const content: SealedContent = {
      v: 2,
      name: 'acme',
      description: '',
      connector: 'jira-software',
      url: 'https://acme.atlassian.net',
      username,
      scheme: 'basic',
      route: 'site',
      cloudId: null,
      accountKind: null,
      connection: noConnectionSettings,
      token,
      expiresAt: null,
      sealedAt: '2026-11-01T00:00:00.000Z',
      seq: 1,
      ...change,
    };
    return saveSealed(store(), content, phrase);
  }

  return {token, store, directory, jirakey, program, save, file: (name: string) => join(place.path, name)};
}
