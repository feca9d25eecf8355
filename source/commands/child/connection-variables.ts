/** What a credential's connection settings are for other programs: the variables that most of them read. */
import type {ConnectionSettings} from '../../domain/connection-settings.ts';
import type {World} from '../../world.ts';

type Variables = Readonly<Record<string, string>>;

/** OpenSSL and Go; Node; Python's requests; curl. */
const bundleVariables = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

/** Programs read either case, or one of them alone. */
const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

const isSet = (env: World['env'], name: string): boolean => (env[name] ?? '') !== '';

/** The proxy with its login, where the environment names none. What runs on this machine is never asked through it. */
export function proxyVariablesOf({proxy}: ConnectionSettings, env: World['env']): Variables {
  if (proxy === null || proxyVariables.some(name => isSet(env, name))) return {};
  const url = new URL(proxy.url);
  if (proxy.username !== null) url.username = encodeURIComponent(proxy.username);
  if (proxy.password !== null) url.password = encodeURIComponent(proxy.password);
  const address = url.href.replace(/\/$/, '');
  const exempt = ['NO_PROXY', 'no_proxy'].some(name => isSet(env, name)) ? {} : {NO_PROXY: 'localhost,127.0.0.1,::1'};
  return {HTTPS_PROXY: address, https_proxy: address, ...exempt};
}

/** Those that are to name the bundle: what the environment names already stays. */
export const bundleVariablesFor = ({certificates}: ConnectionSettings, env: World['env']): readonly string[] =>
  certificates.length === 0 ? [] : bundleVariables.filter(name => !isSet(env, name));

/** A bundle takes the place of a program's own list, so the usual CAs stand in it as well, unless they are not wanted. */
export function bundleOf({certificates, caOnly}: ConnectionSettings, usual: () => readonly string[]): string {
  return `${[...(caOnly ? [] : usual()), ...certificates].map(pem => pem.trim()).join('\n')}\n`;
}
