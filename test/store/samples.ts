/** Saved credentials and temporary stores for tests. The sealed part is not opened by these. */

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import type {Draft, SavedCredential} from '../../source/domain/credential.ts';
import {StoreFault} from '../../source/domain/fault.ts';

export const saved = (name: string, change: Partial<SavedCredential> = {}): SavedCredential => ({
  name,
  description: '',
  connector: 'jira-software',
  url: 'https://acme.atlassian.net',
  username: 'you@acme.com',
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  accountKind: null,
  connection: noConnectionSettings,
  expiresAt: null,
  seq: 1,
  sealedAt: '2026-11-23T09:45:00.000Z',
  lastTest: null,
  sealed: '-----BEGIN AGE ENCRYPTED FILE-----\n…\n-----END AGE ENCRYPTED FILE-----\n',
  ...change,
});

export const draft: Draft = {
  connector: 'jira-feeds',
  name: 'Half done',
  description: '',
  url: 'https://acme.atlassian.net',
  username: '',
  connection: noConnectionSettings,
  expiresAt: null,
  sealed: null,
  updatedAt: '2026-11-23T09:45:00.000Z',
};

/** A folder for one test, removed by the function that comes with it. */
export function temporaryFolder(): {folder: string; remove: () => void} {
  const folder = mkdtempSync(join(tmpdir(), 'jirakey-store-'));
  return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** The StoreFault `work` ends with. */
export async function faultOf(work: Promise<unknown>): Promise<StoreFault> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StoreFault) return error;
    throw error;
  }
  throw new Error('it went well');
}
