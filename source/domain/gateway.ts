/** Atlassian's gateway: the address under which tokens with scopes work, one for each cloud (clouds.ts). */
import {cloudOf, cloudOfGateway, commercialCloud} from './clouds.ts';

export type GatewayAddress = Readonly<{
  /** Host of the gateway. */
  host: string;
  cloudId: string;
  /** The base address for requests, without a slash at its end. */
  base: string;
}>;

/**
 * The gateway of a site's cloud. A host that is not Atlassian's may be a custom domain in front of a site, which only
 * the commercial cloud offers.
 * @returns null where this cloud's gateway is not known: then nothing may be sent to any other
 */
export function gatewayHostOf(siteHost: string): string | null {
  return (cloudOf(siteHost) ?? commercialCloud).gateway;
}

/** The base address of one site at a gateway. */
export const gatewayBase = (host: string, cloudId: string): string =>
  `https://${host}/ex/jira/${encodeURIComponent(cloudId)}`;

/** Where requests to a site go by way of its cloud's gateway, or null where that is not known. */
export function gatewayOf(siteHost: string, cloudId: string): GatewayAddress | null {
  const host = gatewayHostOf(siteHost);
  return host === null ? null : {host, cloudId, base: gatewayBase(host, cloudId)};
}

/**
 * Reads an address at a gateway, as Atlassian's and GitLab's documentation tell people to enter it:
 * https://api.atlassian.com/ex/jira/CLOUDID, with or without more behind it.
 * @param host ASCII, lower case
 * @param path begins with "/", or is empty
 * @returns null when the host is not a gateway, or names no site there
 */
export function gatewayIn(host: string, path: string): GatewayAddress | null {
  const cloud = cloudOfGateway(host);
  // A cloudId is a UUID in every sample; anything of its alphabet is taken.
  const cloudId = /^\/ex\/jira\/([\w-]{8,64})(?:[/?#]|$)/.exec(path)?.[1];
  return cloud === null || cloudId === undefined ? null : {host, cloudId, base: gatewayBase(host, cloudId)};
}
