/** A saved credential as `list --json` and `show --json` tell it: never with a secret. Public. */
import {certificatesIn} from '../../connection/ca-certificates.ts';
import type {CredentialDocument} from '../../diagnosis/documents.ts';
import type {ConnectionSettings} from '../../domain/connection-settings.ts';
import type {SavedCredential} from '../../domain/credential.ts';

export function described(saved: SavedCredential): CredentialDocument {
  const {name, description, connector, url, username, route, expiresAt, lastTest} = saved;
  const connection = describedConnection(saved.connection);
  return {name, description, connector, url, username, route, connection, expiresAt, lastTest};
}

/** Its CAs as a person compares them; of a proxy the address, never the login. */
export function describedConnection(settings: ConnectionSettings): CredentialDocument['connection'] {
  const {proxy, certificates, caOnly, addresses, timeoutSeconds} = settings;
  return {
    proxy: proxy?.url ?? null,
    certificates: certificates.flatMap(pem => {
      const read = certificatesIn(pem);
      return read.ok
        ? read.certificates.map(({subject, validTo, fingerprint256}) => ({subject, validTo, fingerprint256}))
        : [];
    }),
    caOnly,
    addresses: [...addresses],
    timeoutSeconds,
  };
}
