/** A name that is reached at fixed addresses, as the value of `--resolve` says it: HOST:PORT:ADDRESS[,ADDRESS]. */
import * as z from 'zod';

export type FixedAddress = Readonly<{host: string; port: number; addresses: readonly string[]}>;

const pattern = /^(\[[0-9a-f:.]+\]|[^:[\]\s,]+):(\d{1,5}):([0-9a-f:.[\],\s]+)$/i;
const unbracketed = (text: string): string => text.trim().replace(/^\[(.*)\]$/, '$1');
const address = z.union([z.ipv4(), z.ipv6()]);

/**
 * @param text IPv6 addresses with or without brackets
 * @returns null when it has another form
 */
export function parseFixedAddress(text: string): FixedAddress | null {
  const found = pattern.exec(text.trim());
  if (found === null) return null;
  const host = unbracketed(found[1] ?? '').toLowerCase();
  const port = Number(found[2]);
  const addresses = (found[3] ?? '').split(',').map(unbracketed);
  if (port < 1 || port > 65_535 || !addresses.every(each => address.safeParse(each).success)) return null;
  return {host, port, addresses};
}

/** The same as one value of `--resolve`. */
export function fixedAddressText({host, port, addresses}: FixedAddress): string {
  const bracketed = (text: string): string => (text.includes(':') ? `[${text}]` : text);
  return `${bracketed(host)}:${port}:${addresses.map(bracketed).join(',')}`;
}
