/** The pages a checklist leads to: those of this Jira, and Atlassian's of the cloud that the site belongs to, never another's. */
import {type Cloud, cloudOf, commercialCloud, prefilledTokenPage} from '../../domain/clouds.ts';
import {gatewayOf} from '../../domain/gateway.ts';
import type {Facts} from '../evidence.ts';
import {isCloud, isDataCenter} from '../evidence-reading.ts';

/**
 * The cloud whose pages may be shown. A host that is not Atlassian's may be a custom domain in front of a site, which
 * only the commercial cloud offers.
 */
const cloudFor = ({host}: Facts): Cloud => cloudOf(host) ?? commercialCloud;

/** Where API tokens are made and listed; null where that is unknown, and for a Data Center. */
export const tokensPage = (facts: Facts): string | null => (isDataCenter(facts) ? null : cloudFor(facts).tokenPage);
/** The same, which may open with the form for a token with scopes filled in. */
export function scopedTokenPage(facts: Facts): string | null {
  const plain = tokensPage(facts);
  return plain === null ? null : prefilledTokenPage(plain);
}
/** Where an organization admin works. */
export const adminPage = (facts: Facts): string | null => (isDataCenter(facts) ? null : cloudFor(facts).adminPage);

type PageName = keyof NonNullable<Cloud['pages']>;
const ofCloud =
  (name: PageName) =>
  (facts: Facts): string | null =>
    isCloud(facts) ? (cloudFor(facts).pages?.[name] ?? null) : null;
export const statusPage = ofCloud('status');
export const supportPage = ofCloud('support');
/** The domains and addresses a firewall has to let through. */
export const rangesPage = ofCloud('ranges');
/** May list the sites of an account, while nobody knows which one is meant. */
export const homePage = (facts: Facts): string | null =>
  isDataCenter(facts) ? null : (cloudFor(facts).pages?.home ?? null);

/** The form of a site's address in its cloud. */
export const siteForm = (facts: Facts): string => `https://NAME.${cloudFor(facts).domain}`;
/** A host of the cloud that surely exists; null where none is known. */
export const knownHost = (facts: Facts): string | null => cloudFor(facts).accountHost;
/** What a firewall has to let out for this cloud, as a phrase. */
export function hostsToAllow(facts: Facts): string {
  const {domain, gateway} = cloudFor(facts);
  return gateway === null ? `*.${domain}` : `*.${domain} and ${gateway}`;
}
/** Host and port of the gateway, where tokens with scopes work; null where it is not known. */
export function gatewayEndpoint(facts: Facts): string | null {
  const {gateway} = cloudFor(facts);
  return gateway === null ? null : `${gateway}:443`;
}
export const gatewayBase = (facts: Facts): string | null =>
  facts.cloudId === null ? null : (gatewayOf(facts.host, facts.cloudId)?.base ?? null);

/** A page of this Jira; null while the site is unknown. */
export const page = (facts: Facts, path: string): string | null => (facts.url === '' ? null : `${facts.url}${path}`);

/** Where a Data Center user makes personal access tokens (8.14 and later). */
export const patPage = (facts: Facts): string | null =>
  page(facts, '/secure/ViewProfile.jspa?selectedTab=com.atlassian.pats.pats-plugin:jira-user-personal-access-tokens');
const usersPage = (facts: Facts): string | null => page(facts, '/secure/admin/user/UserBrowser.jspa');
/** Where accounts are administered. */
export const accountsPage = (facts: Facts): string | null =>
  isDataCenter(facts) ? usersPage(facts) : adminPage(facts);
/** Where tokens of this kind of Jira are listed. */
export const listedTokens = (facts: Facts): string | null => (isDataCenter(facts) ? patPage(facts) : tokensPage(facts));
