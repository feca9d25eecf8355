/** Addresses people have in their browser while they set up a token, and which are not Jira sites. */
import {cloudOfGateway} from './clouds.ts';
import {gatewayIn} from './gateway.ts';

const example = 'Type the address Jira itself has in your browser, for example https://acme.atlassian.net.';

const atlassianPages: Readonly<Record<string, string>> = {
  'id.atlassian.com': 'the page of your Atlassian account, where tokens are made',
  'admin.atlassian.com': 'the administration of an Atlassian organisation',
  'home.atlassian.com': 'Atlassian’s start page for all products',
  'start.atlassian.com': 'Atlassian’s start page for all products',
  'team.atlassian.com': 'Atlassian’s page for teams and goals',
  'auth.atlassian.com': 'Atlassian’s sign-in page',
  'support.atlassian.com': 'Atlassian’s documentation',
  'developer.atlassian.com': 'Atlassian’s documentation for developers',
  'community.atlassian.com': 'Atlassian’s forum',
  'marketplace.atlassian.com': 'Atlassian’s marketplace',
  'status.atlassian.com': 'Atlassian’s status page',
  'my.atlassian.com': 'Atlassian’s page for licences',
  'www.atlassian.com': 'Atlassian’s own web site',
  'atlassian.com': 'Atlassian’s own web site',
};

const otherPages: Readonly<Record<string, string>> = {
  'bitbucket.org': 'Bitbucket',
  'www.bitbucket.org': 'Bitbucket',
  'trello.com': 'Trello',
  'login.microsoftonline.com': 'a sign-in page of Microsoft’s',
  'accounts.google.com': 'a sign-in page of Google’s',
};

/**
 * Why a well-formed address is not a Jira site, with what to type instead; null when it may be one.
 * @param host ASCII, lower case, no dot at its end
 * @param rest path, query and fragment as pasted: a sign-in page often names the site it leads to
 */
export function whyNotASite(host: string, rest: string): string | null {
  const instead = siteNamedIn(rest) ?? example;
  const gateway = gatewayIn(host, rest);
  if (gateway !== null)
    return `${host} is Atlassian’s gateway, and this address leads through it to the site with the cloud ID ${gateway.cloudId}. Type that site’s own address, such as https://acme.atlassian.net: jirakey finds the way through the gateway by itself where the token needs it.`;
  if (cloudOfGateway(host) !== null)
    return `${host} is Atlassian’s gateway, not a site; jirakey finds and uses it where the token needs it. ${instead}`;
  const page = atlassianPages[host] ?? otherPages[host];
  if (page !== undefined) return `${host} is ${page}, not a Jira site. ${instead}`;
  if (host === 'atlassian.net' || host === 'www.atlassian.net' || host === 'jira.com' || host === 'www.jira.com')
    return `${host} is not a site by itself: your site’s name stands in front of atlassian.net. ${instead}`;
  // jira.atlassian.com is Atlassian's own Jira, open to the public, and a real site.
  if (host.endsWith('.atlassian.com') && host !== 'jira.atlassian.com')
    return `${host} is a page of Atlassian’s, not a Jira site: those end in atlassian.net. ${instead}`;
  return null;
}

/** The site that was probably meant: the one a sign-in page leads to, or NAME.atlassian.net for NAME.atlassian.com. */
export function siteBehind(host: string, rest: string): string | null {
  const named = hostNamedIn(rest);
  if (named !== null) return named;
  const name = /^([a-z0-9][a-z0-9-]*)\.atlassian\.com$/.exec(host)?.[1];
  return name === undefined || atlassianPages[host] !== undefined || cloudOfGateway(host) !== null
    ? null
    : `${name}.atlassian.net`;
}

function siteNamedIn(rest: string): string | null {
  const host = hostNamedIn(rest);
  return host === null ? null : `It leads to a site, though: type https://${host}.`;
}

function hostNamedIn(rest: string): string | null {
  const match = /(?:^|[^a-z0-9.-])([a-z0-9][a-z0-9-]{0,62}\.atlassian\.net)(?![a-z0-9.-])/i.exec(
    rest.replace(/%(?:25)?(?:2f|3a|3d|26|3f)/gi, '/'),
  );
  return match?.[1]?.toLowerCase() ?? null;
}
