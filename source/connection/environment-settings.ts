/** What this machine's variables say about reaching a site, as settings that can be kept: cron has no HTTPS_PROXY. */
import {type ConnectionSettings, noConnectionSettings} from '../domain/connection-settings.ts';
import type {Site} from '../domain/site.ts';
import {caCertificateOf, parsedCertificate} from './ca-certificates.ts';
import {proxyInEnvironment} from './proxy.ts';
import {certificatesInEnvironment} from './trust.ts';

/** A proxy variable that cannot be used is left out: the connection test names it. */
export function environmentSettings({url}: Pick<Site, 'url'>, env: NodeJS.ProcessEnv): ConnectionSettings {
  const {protocol, hostname, port} = new URL(url);
  const isTls = protocol === 'https:';
  const endpoint = {
    protocol: isTls ? ('https:' as const) : ('http:' as const),
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (isTls ? 443 : 80),
  };
  const named = proxyInEnvironment(endpoint, env);
  return {
    ...noConnectionSettings,
    proxy: named?.read.ok ? named.read.proxy : null,
    certificates: certificatesInEnvironment(env).flatMap(pem => {
      const certificate = parsedCertificate(pem);
      return certificate === null ? [] : [caCertificateOf(certificate).pem];
    }),
  };
}
