/** The address of a proxy as people and variables write it, and its login kept apart from what may be shown. */
import {withoutLogin} from './address.ts';
import {type Clean, clean} from './clean.ts';
import type {ConnectionSettings} from './connection-settings.ts';

export type ProxySettings = NonNullable<ConnectionSettings['proxy']>;

/** `shown` is the address without its login; `reason` is a clause that says what is wrong, with the cure. */
export type ProxyAddressRead =
  | Readonly<{ok: true; proxy: ProxySettings}>
  | Readonly<{ok: false; reason: string; shown: Clean}>;

/**
 * A character in the login that ends it, or the whole authority, where an address is read (RFC 3986 §3.2), so that a piece
 * of the login would be taken for the host. Looked for by the laxest grammar: all between “//” and the last “@”.
 */
function strayIn(full: string): string | null {
  const login = /^[^/]*:\/\/(.*)@/s.exec(full)?.[1] ?? '';
  return /[/\\?#@\s]/.exec(login)?.[0] ?? null;
}

const percentOf = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * Reads the address of a proxy.
 * @param text with or without `http://` and a login; spaces around it do not count
 */
export function parseProxyAddress(text: string): ProxyAddressRead {
  const given = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const wrong = (reason: string): ProxyAddressRead => ({ok: false, reason, shown: clean(withoutLogin(full))});
  const stray = strayIn(full);
  if (stray !== null) {
    const shown = stray.trim() === '' ? 'a space' : `“${stray}”`;
    return wrong(`its user or password contains ${shown}, which must be written as ${percentOf(stray)}.`);
  }
  if (!URL.canParse(full)) return wrong('it is not an address like http://proxy.acme.example:3128.');
  const url = new URL(full);
  if (url.protocol.startsWith('socks')) return wrong('SOCKS proxies are not supported; an HTTP proxy is needed.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return wrong('it must start with http:// or https://.');
  if (url.hostname === '') return wrong('it names no host.');
  // curl's default for a proxy without a port is 1080; every browser and Go take the scheme's own port.
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const login = url.username !== '' || url.password !== '';
  return {
    ok: true,
    proxy: {
      url: `${url.protocol}//${url.hostname}:${port}`,
      username: login ? decoded(url.username) : null,
      password: login ? decoded(url.password) : null,
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The whole address with its login, as HTTPS_PROXY wants it. A secret where there is a password. */
export function proxyAddressWithLogin({url, username, password}: ProxySettings): string {
  if (username === null && password === null) return url;
  const login = `${encodeURIComponent(username ?? '')}:${encodeURIComponent(password ?? '')}`;
  return url.replace('://', `://${login}@`);
}
