import * as z from 'zod';
import {connectionSettingsSchema, withoutProxyLogin} from './connection-settings.ts';

/** What a credential is for. Public values of `--connector`. */
export const connectors = ['jira-software', 'jira-feeds'] as const;
export type Connector = (typeof connectors)[number];
export const isConnector = (text: string): text is Connector => connectors.some(connector => connector === text);
export const connectorTitles: Readonly<Record<Connector, string>> = {
  'jira-software': 'Jira Software',
  'jira-feeds': 'Jira Feeds',
};

/** How requests reach Jira: at the site's own address, or at Atlassian's gateway under the site's cloudId. */
export const routes = ['site', 'gateway'] as const;
export type Route = (typeof routes)[number];

/** How the token is presented: Basic with the username (Cloud), Bearer (Data Center personal access tokens). */
export const schemes = ['basic', 'bearer'] as const;
export type Scheme = (typeof schemes)[number];

/** Whose token it is: a person's, or that of an account made for programs. Null where nothing tells. */
export const accountKinds = ['person', 'service'] as const;
export type AccountKind = (typeof accountKinds)[number];

export const deployments = ['cloud', 'data-center'] as const;
export type Deployment = (typeof deployments)[number];

/** The labels of the platform's own form, and ours for the passphrase. Public: they stand on the screen to the letter. */
export const labels = {
  name: 'Credential Name',
  description: 'Credential Description',
  url: 'JIRA Software URL',
  username: 'Username',
  token: 'API Token',
  passphrase: 'Passphrase',
  confirm: 'Confirm passphrase',
} as const;

export const outcomes = ['passed', 'failed', 'unverified'] as const;
export type Outcome = (typeof outcomes)[number];

/** `code` is the failure code of a test that did not pass, null after a pass. */
export const lastTestSchema = z.strictObject({
  outcome: z.enum([...outcomes, 'untested']),
  code: z.string().nullable(),
  at: z.iso.datetime(),
});
export type LastTest = z.infer<typeof lastTestSchema>;

/** YYYY-MM-DD, the last day (UTC) on which the token works. */
export const isoDate = z.iso.date();

/**
 * What lies inside the seal, and the only thing requests are built from. Everything shown in clear beside the seal is
 * a copy; a copy that differs is `store-changed`.
 */
export const sealedContentSchema = z.strictObject({
  v: z.literal(2),
  name: z.string(),
  description: z.string(),
  connector: z.enum(connectors),
  url: z.string(),
  username: z.string(),
  scheme: z.enum(schemes),
  route: z.enum(routes),
  cloudId: z.string().nullable(),
  accountKind: z.enum(accountKinds).nullable(),
  connection: connectionSettingsSchema,
  token: z.string(),
  expiresAt: isoDate.nullable(),
  sealedAt: z.iso.datetime(),
  /** Counts the seals of this credential; a lower number than the clear copy's means an older seal was put back. */
  seq: z.int().nonnegative(),
});
export type SealedContent = z.infer<typeof sealedContentSchema>;

/** One credential as it lies in the store: clear copies for `list`, the sealed truth in `sealed` (an armored age file). */
export const savedCredentialSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string(),
  connector: z.enum(connectors),
  url: z.string(),
  username: z.string(),
  scheme: z.enum(schemes),
  route: z.enum(routes),
  cloudId: z.string().nullable(),
  accountKind: z.enum(accountKinds).nullable(),
  /** Without the login of a proxy, which lies sealed only. */
  connection: connectionSettingsSchema,
  expiresAt: isoDate.nullable(),
  seq: z.int().nonnegative(),
  sealedAt: z.iso.datetime(),
  lastTest: lastTestSchema.nullable(),
  /** `givenUp` where the token went with a lost passphrase. */
  sealed: z.string(),
});
export type SavedCredential = z.infer<typeof savedCredentialSchema>;

/** In place of a seal that nobody can open any more. What it was lies in the copy made at that time. */
export const givenUp = '';

/** A credential as the store keeps it: the sealed text, and the clear copies of what is inside. */
export function savedFrom(content: SealedContent, sealed: string, lastTest: LastTest | null): SavedCredential {
  const {v: _, token: __, ...copies} = content;
  return {...copies, connection: withoutProxyLogin(content.connection), lastTest, sealed};
}

/** The clear copies that must equal what is sealed. */
export const boundFields = [
  'name',
  'description',
  'connector',
  'url',
  'username',
  'scheme',
  'route',
  'cloudId',
  'accountKind',
  'connection',
  'expiresAt',
  'sealedAt',
  'seq',
] as const satisfies readonly (keyof SavedCredential & keyof SealedContent)[];

/**
 * An unfinished credential. Answers are kept in clear as they are given; the token only ever as `sealed` (an armored
 * age file holding a SealedContent).
 */
export const draftSchema = z.strictObject({
  connector: z.enum(connectors).nullable(),
  name: z.string(),
  description: z.string(),
  url: z.string(),
  username: z.string(),
  /** Without the login of a proxy, as beside a saved credential. */
  connection: connectionSettingsSchema,
  expiresAt: isoDate.nullable(),
  sealed: z.string().nullable(),
  /** Name of the saved credential this is a change of; a draft without it is of a new one. */
  edits: z.string().optional(),
  updatedAt: z.iso.datetime(),
});
export type Draft = z.infer<typeof draftSchema>;
