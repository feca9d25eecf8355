/** Host names and IP addresses, as the URL parser and the resolver write them: lower case, IPv6 without brackets. */

/**
 * Whether a host is this machine for certain: localhost, 127.0.0.0/8 or ::1. Names below "localhost" are left out,
 * because a resolver may send them anywhere (RFC 6761 only asks it not to).
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** What node:net calls the family of an IP address. */
export const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/**
 * An address without the login in front of its host, for screens and reports. The text may be anything somebody set:
 * everything up to the last "@" goes, because a password may hold an "@" or a "/" itself.
 */
export function withoutLogin(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[\s\S]*@/i, '$1');
}
