/**
 * Atlassian's clouds, told apart by the host of a site. They share no accounts and no gateway, and a credential of one
 * never goes to another.
 *
 * Sources: the commercial cloud is documented. Hosts of the others stand in Atlassian's own open-source programs; the
 * gateway and administration of Atlassian Government Cloud follow from its account page and are not confirmed.
 */

export type Cloud = Readonly<{
  kind: 'commercial' | 'government' | 'isolated';
  /** What people call it. */
  title: string;
  /** Under which domain its sites are: https://NAME.DOMAIN. */
  domain: string;
  /** Host of the pages of accounts; null where we do not know it. */
  accountHost: string | null;
  /** Where an account's API tokens are made; null where we do not know the address. */
  tokenPage: string | null;
  /** Where an organisation is administered; null where we do not know the address. */
  adminPage: string | null;
  /** Host of the gateway, where tokens with scopes work; null where we do not know it. */
  gateway: string | null;
  /** Atlassian's own pages that speak of this cloud: the sites of an account, incidents, support, addresses to allow. */
  pages: Readonly<{home: string; status: string; support: string; ranges: string}> | null;
}>;

const tokenPath = '/manage-profile/security/api-tokens';

export const commercialCloud = {
  kind: 'commercial',
  title: 'Atlassian Cloud',
  domain: 'atlassian.net',
  accountHost: 'id.atlassian.com',
  tokenPage: `https://id.atlassian.com${tokenPath}`,
  adminPage: 'https://admin.atlassian.com',
  gateway: 'api.atlassian.com',
  pages: {
    home: 'https://home.atlassian.com',
    status: 'https://jira-software.status.atlassian.com',
    support: 'https://support.atlassian.com/contact/',
    ranges:
      'https://support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/',
  },
} as const satisfies Cloud;

const government: Cloud = {
  kind: 'government',
  title: 'Atlassian Government Cloud',
  domain: 'atlassian-us-gov-mod.net',
  accountHost: 'id.atlassian-us-gov-mod.com',
  tokenPage: `https://id.atlassian-us-gov-mod.com${tokenPath}`,
  adminPage: 'https://admin.atlassian-us-gov-mod.com',
  gateway: 'api.atlassian-us-gov-mod.com',
  pages: null,
};

/** Other environments of the Government cloud: of these only the hosts of sites are known. */
const otherGovernment = (domain: string): Cloud => ({
  ...government,
  domain,
  accountHost: null,
  tokenPage: null,
  adminPage: null,
  gateway: null,
});

const isolated: Cloud = {
  kind: 'isolated',
  title: 'Atlassian Isolated Cloud',
  domain: 'atlassian-isolated.net',
  accountHost: null,
  tokenPage: null,
  adminPage: null,
  gateway: null,
  pages: null,
};

const clouds: readonly Cloud[] = [
  commercialCloud,
  government,
  ...['atlassian-us-gov.net', 'atlassian-us-gov.com', 'atlassian-fex.net', 'atlassian-fex.com'].map(otherGovernment),
  isolated,
];

/** The domains under which sites live, each site one or more labels in front. */
const siteDomains: readonly (readonly [domain: string, cloud: Cloud])[] = [
  ...clouds.map(cloud => [cloud.domain, cloud] as const),
  // From before 2014, still answering.
  ['jira.com', commercialCloud],
];

/** The cloud that a host is a site of, or null for any other host: Data Center, or a name of somebody's own. */
export function cloudOf(host: string): Cloud | null {
  const plain = host.toLowerCase().replace(/\.$/, '');
  return siteDomains.find(([domain]) => plain.endsWith(`.${domain}`))?.[1] ?? null;
}

/** Whether only Atlassian can be the one who runs this host. */
export const isAtlassianHost = (host: string): boolean => cloudOf(host) !== null;

/** The cloud whose gateway has this name, or null. */
export function cloudOfGateway(host: string): Cloud | null {
  return siteDomains.find(([, cloud]) => cloud.gateway === host.toLowerCase())?.[1] ?? null;
}

/**
 * The page that makes a token with scopes, with the form filled in. Other products of Atlassian's open it this way; it is
 * not documented, so the plain page stands beside it wherever it is offered.
 */
export const prefilledTokenPage = (tokenPage: string): string =>
  `${tokenPage}?autofillToken&appId=jira&selectedScopes=all&expiryDays=365`;
