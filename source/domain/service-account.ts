/**
 * Service accounts of Atlassian Cloud: accounts for programs, made by an organisation admin. Their tokens always have
 * scopes, so they work at the gateway alone, and other programs know them by the domain of their e-mail address.
 */
import type {TokenKind} from './token-shape.ts';

export const serviceAccountDomain = 'serviceaccount.atlassian.com';

/** Whether a credential belongs to one, by the shape of its token or by its username. */
export const isServiceAccount = (tokenKind: TokenKind, username: string): boolean =>
  tokenKind === 'atlassian-service-account' || username.toLowerCase().endsWith(`@${serviceAccountDomain}`);
