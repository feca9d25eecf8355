/**
 * The secrets one run knows. Whatever reads, makes or opens one adds it here, and every text that leaves is searched for
 * them. One value a run, handed on in the context. Pure.
 */
import {bareOf} from './bare-text.ts';
import type {Secret} from './secret.ts';
import {leastRun, SecretMatcher} from './secret-matcher.ts';

/** Shorter ones would be found everywhere. */
const shortest = 6;

/**
 * Whether a secret can be told from ordinary words. To mask the word “proxy” wherever we write it, because it is also
 * somebody's password, would break our own sentences and give the password away.
 */
export function isTelling(secret: string): boolean {
  const bare = bareOf(secret, true);
  if (bare.length >= leastRun) return true;
  if (secret.length < shortest) return false;
  return /^\p{L}+$/u.test(secret) ? /\p{L}\p{Lu}/u.test(secret) && /\p{Ll}/u.test(secret) : !/^\d+$/.test(secret);
}

/**
 * The passwords in the address of a proxy, by the laxest grammar: a login is everything between “//” and the last “@”,
 * the password everything behind its first colon. As it is and without its percent codes.
 */
export function passwordsIn(address: string): readonly string[] {
  const login = /^(?:[^/]*:\/\/)?([\s\S]*)@/.exec(address.trim())?.[1] ?? '';
  const colon = login.indexOf(':');
  if (colon < 0) return [];
  const password = login.slice(colon + 1);
  try {
    return [...new Set([password, decodeURIComponent(password)])];
  } catch {
    return [password];
  }
}

/** Variables in which a proxy's address may carry a login; each in both cases (curl(1), "Environment"). */
const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

export class RunSecrets {
  readonly #known = new Set<string>();
  readonly #open = new Set<string>();
  #matcher: SecretMatcher | null = null;

  /** @returns the same secret, so that it is known from where it is made */
  add<S extends Secret | null>(secret: S): S {
    if (secret !== null) this.addText(secret.reveal());
    return secret;
  }

  addText(...secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (this.#known.has(secret) || !isTelling(secret)) continue;
      this.#known.add(secret);
      this.#matcher = null;
    }
  }

  /** What the environment holds, whether this run uses it or not. */
  addEnvironment(env: Readonly<Record<string, string | undefined>>): void {
    // Only the token of it: a username may stand in front.
    const [token = ''] = [...(env.JIRA_API_TOKEN ?? '').matchAll(/[\w+/=-]{16,}(?![\w.+-]*@)/g)]
      .map(([text]) => text)
      .sort((one, other) => other.length - one.length);
    this.addText(token, env.JIRAKEY_PASSPHRASE ?? '');
    const names = proxyVariables.flatMap(name => [name, name.toLowerCase()]);
    for (const name of names) this.addText(...passwordsIn(env[name] ?? ''));
  }

  /** A name, an address or a username: shown, even where a secret holds the same words. */
  allow(...texts: readonly (string | null | undefined)[]): void {
    for (const text of texts) if (text) this.#open.add(text);
    this.#matcher = null;
  }

  /** The secrets themselves, for a search of a text that is not written by us. */
  all(): readonly string[] {
    return [...this.#known];
  }

  redact(text: string): string {
    if (this.#known.size === 0) return text;
    this.#matcher ??= new SecretMatcher(this.all(), [...this.#open]);
    return this.#matcher.redact(text);
  }

  /** The same for every text in a JSON value. */
  redactValue(value: unknown): unknown {
    return this.#known.size === 0 ? value : eachText(value, text => this.redact(text));
  }
}

/** A JSON value with another text for each of its texts; keys and all else stay. */
export function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map(one => eachText(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachText(one, change)]));
}
