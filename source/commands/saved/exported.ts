/** What an export is made from, and what it comes out as. */
import type {AccountKind, Connector, Route, Scheme} from '../../domain/credential.ts';
import type {Secret} from '../../domain/secret.ts';

export type Exported = Readonly<{
  name: string;
  description: string;
  connector: Connector;
  url: string;
  username: string;
  scheme: Scheme;
  accountKind: AccountKind | null;
  route: Route;
  cloudId: string | null;
  expiresAt: string | null;
  /** Of `--template`; null where none was given. */
  template: string | null;
  /** Null where it was not asked for. */
  token: Secret | null;
}>;

/** `notes` are for stderr: what the form cannot do, and what is not known about it. */
export type Written = Readonly<{text: string; notes: readonly string[]}>;

/** @throws Error where the form was not given the token */
export const secretOf = ({token}: Exported): string => {
  if (token === null) throw new Error('this form needs the token');
  return token.reveal();
};

export const bearerNote =
  'This token is a personal access token: it is sent as “Authorization: Bearer”, without the username.';
