/** A credential as environment variables, the names that Jira's own tools and most others look for. */
import type {SealedContent} from '../../domain/credential.ts';
import {gatewayOf} from '../../domain/gateway.ts';
import type {Opened} from '../saved/opened.ts';

/** Where requests have to go: the site, or the gateway of its cloud under the site's cloudId. */
export function baseUrlOf({url, route, cloudId}: Pick<SealedContent, 'url' | 'route' | 'cloudId'>): string {
  if (route === 'site' || cloudId === null) return url;
  return gatewayOf(new URL(url).hostname, cloudId)?.base ?? url;
}

/** Those in which the token itself stands, or where it lies. */
export const tokenVariables: readonly string[] = ['JIRA_API_TOKEN', 'JIRA_PERSONAL_TOKEN', 'JIRA_API_TOKEN_FILE'];

type Addressed = Pick<SealedContent, 'url' | 'route' | 'cloudId' | 'username' | 'scheme'>;

/** JIRA_URL and JIRA_BASE_URL are where requests work; the site that people open is JIRA_SITE. */
export function variablesFor(content: Addressed, token: string): Readonly<Record<string, string>> {
  const base = baseUrlOf(content);
  return {
    JIRA_URL: base,
    JIRA_BASE_URL: base,
    JIRA_SITE: content.url,
    JIRA_USERNAME: content.username,
    JIRA_API_TOKEN: token,
    JIRA_AUTH_TYPE: content.scheme,
    ...(content.scheme === 'bearer' ? {JIRA_PERSONAL_TOKEN: token} : {}),
  };
}

export const variablesOf = ({content, token}: Opened): Readonly<Record<string, string>> =>
  variablesFor(content, token.reveal());
