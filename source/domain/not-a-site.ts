/** Addresses people have in their browser while they set up a token, and which are no Jira site. */

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
 * Why a well-formed address is no site of Jira's, with what to type instead; null when it may be one.
 * @param host ASCII, lower case, no dot at its end
 * @param rest path, query and fragment as pasted: a sign-in page often names the site it leads to
 */
export function whyNotASite(host: string, rest: string): string | null {
  const instead = siteNamedIn(rest) ?? example;
  if (host === 'api.atlassian.com')
    return `api.atlassian.com is Atlassian’s gateway, not a site; it is found and used by itself when the token needs it. ${instead}`;
  const page = atlassianPages[host] ?? otherPages[host];
  if (page !== undefined) return `${host} is ${page}, not a Jira site. ${instead}`;
  if (host === 'atlassian.net' || host === 'www.atlassian.net' || host === 'jira.com' || host === 'www.jira.com')
    return `${host} is no site by itself: your site’s name stands in front of atlassian.net. ${instead}`;
  // jira.atlassian.com is Atlassian's own Jira, open to the public, and a real site.
  if (host.endsWith('.atlassian.com') && host !== 'jira.atlassian.com')
    return `${host} is a page of Atlassian’s, not a Jira site: those end in atlassian.net. ${instead}`;
  return null;
}

function siteNamedIn(rest: string): string | null {
  const match = /(?:^|[^a-z0-9.-])([a-z0-9][a-z0-9-]{0,62}\.atlassian\.net)(?![a-z0-9.-])/i.exec(
    rest.replace(/%(?:25)?(?:2f|3a|3d|26|3f)/gi, '/'),
  );
  return match?.[1] === undefined ? null : `It leads to a site, though: type https://${match[1].toLowerCase()}.`;
}
