/** A credential's sealed part and passphrase for tests. Nothing here opens anything anywhere. */
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import type {SealedContent} from '../../source/domain/credential.ts';
import {Secret} from '../../source/domain/secret.ts';

export const passphrase = new Secret('orbit-velvet-canyon-ticket-wagon-sugar');
export const otherPassphrase = new Secret('orbit-velvet-canyon-ticket-wagon-salad');

export const content = (change: Partial<SealedContent> = {}): SealedContent => ({
  v: 2,
  name: 'Jira for reports',
  description: 'Nightly export – grüße',
  connector: 'jira-software',
  url: 'https://acme.atlassian.net',
  username: 'you@acme.com',
  scheme: 'basic',
  route: 'site',
  cloudId: null,
  accountKind: null,
  connection: noConnectionSettings,
  token: `ATATT3xFfGF0${'synthetic'.repeat(19)}=0BADCAFE`,
  expiresAt: '2027-03-31',
  sealedAt: '2026-11-23T09:45:00.000Z',
  seq: 3,
  ...change,
});
