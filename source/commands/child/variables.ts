/** A credential as environment variables, the names that Jira's own tools and most others look for. */
import type {SealedContent} from '../../domain/credential.ts';
import type {Opened} from '../saved/opened.ts';

/** Atlassian's gateway, the only address at which a token with scopes works (Atlassian, "API tokens with scopes"). */
const gateway = 'https://api.atlassian.com/ex/jira';

/** Where requests have to go: the site, or the gateway under the site's cloudId. */
export function baseUrlOf({url, route, cloudId}: Pick<SealedContent, 'url' | 'route' | 'cloudId'>): string {
  return route === 'gateway' && cloudId !== null ? `${gateway}/${cloudId}` : url;
}

export function variablesOf(opened: Opened): Readonly<Record<string, string>> {
  return {
    JIRA_URL: opened.content.url,
    JIRA_BASE_URL: baseUrlOf(opened.content),
    JIRA_USERNAME: opened.content.username,
    JIRA_API_TOKEN: opened.token.reveal(),
  };
}
