/** A credential as environment variables, the names that Jira's own tools and most others look for. */
import type {SealedContent} from '../../domain/credential.ts';
import {gatewayOf} from '../../domain/gateway.ts';
import type {Opened} from '../saved/opened.ts';

/** Where requests have to go: the site, or the gateway of its cloud under the site's cloudId. */
export function baseUrlOf({url, route, cloudId}: Pick<SealedContent, 'url' | 'route' | 'cloudId'>): string {
  if (route === 'site' || cloudId === null) return url;
  return gatewayOf(new URL(url).hostname, cloudId)?.base ?? url;
}

export function variablesOf(opened: Opened): Readonly<Record<string, string>> {
  return {
    JIRA_URL: opened.content.url,
    JIRA_BASE_URL: baseUrlOf(opened.content),
    JIRA_USERNAME: opened.content.username,
    JIRA_API_TOKEN: opened.token.reveal(),
  };
}
