/** Which connection settings hold in a run: the option, then what is kept with the credential, then the environment. */
import type {ConnectionSettings} from './connection-settings.ts';
import type {ProxySettings} from './proxy-address.ts';

/** What the options of one run say about the connection. Null, or false: nothing. */
export type GivenConnection = Readonly<{
  /** `none` is `--proxy ""`: no proxy at all, whatever else names one. */
  proxy: ProxySettings | 'none' | null;
  /** Of `--ca-file`, PEM, one certificate each; none for `--ca-file ""`. `from` is the path, for evidence. */
  authorities: Readonly<{certificates: readonly string[]; from: string}> | null;
  caOnly: boolean;
  /** Values of `--resolve`. */
  addresses: readonly string[] | null;
  timeoutSeconds: number | null;
}>;

export const nothingGiven: GivenConnection = {
  proxy: null,
  authorities: null,
  caOnly: false,
  addresses: null,
  timeoutSeconds: null,
};

/** Where a setting came from. `environment`: nobody set it for this connection, so this machine's ways hold. */
export type Origin = 'option' | 'credential' | 'environment';
type Chosen<Value> = Readonly<{value: Value; from: Origin}>;

export type ConnectionChoice = Readonly<{
  /** Null: the proxy variables decide. */
  proxy: Chosen<ProxySettings | 'none' | null>;
  certificates: Chosen<readonly string[]> & Readonly<{file: string | null}>;
  caOnly: Chosen<boolean>;
  addresses: Chosen<readonly string[]>;
  timeoutSeconds: Chosen<number>;
}>;

export const usualTimeoutSeconds = 30;

/** @param saved what is kept with the credential, or was answered in the assistant */
export function chooseConnection(given: GivenConnection, saved: ConnectionSettings): ConnectionChoice {
  const kept = (is: boolean): Origin => (is ? 'credential' : 'environment');
  const {authorities} = given;
  const certificates =
    authorities === null
      ? {value: saved.certificates, from: kept(saved.certificates.length > 0), file: null}
      : {value: authorities.certificates, from: 'option' as const, file: authorities.from};
  // With nothing to trust there is nothing to be content with.
  const only = certificates.value.length > 0;
  return {
    proxy:
      given.proxy === null
        ? {value: saved.proxy, from: kept(saved.proxy !== null)}
        : {value: given.proxy, from: 'option'},
    certificates,
    caOnly: given.caOnly
      ? {value: only, from: 'option'}
      : {value: only && saved.caOnly, from: kept(only && saved.caOnly)},
    addresses:
      given.addresses === null
        ? {value: saved.addresses, from: kept(saved.addresses.length > 0)}
        : {value: given.addresses, from: 'option'},
    timeoutSeconds:
      given.timeoutSeconds === null
        ? {value: saved.timeoutSeconds ?? usualTimeoutSeconds, from: kept(saved.timeoutSeconds !== null)}
        : {value: given.timeoutSeconds, from: 'option'},
  };
}

/** What holds here by variables alone, and would not hold for a job without them. */
export type OnlyHere = Readonly<Pick<ConnectionSettings, 'proxy' | 'certificates'>>;

/**
 * @param here what this machine's variables say
 * @param given the options of the run: what one of them said was chosen, and is nothing to be kept from elsewhere
 * @returns null where nothing holds by variables alone
 */
export function onlyHere(here: OnlyHere, given: GivenConnection, kept: ConnectionSettings): OnlyHere | null {
  const proxy = kept.proxy === null && given.proxy === null ? here.proxy : null;
  const isChosen = kept.caOnly || given.authorities !== null;
  const certificates = isChosen ? [] : here.certificates.filter(pem => !kept.certificates.includes(pem));
  return proxy === null && certificates.length === 0 ? null : {proxy, certificates};
}

/** The same in words; null for nothing. */
export function onlyHereText({proxy, certificates}: OnlyHere): string {
  return [...(proxy === null ? [] : ['the proxy']), ...(certificates.length === 0 ? [] : ['a CA'])].join(' and ');
}

/** The settings with what held by variables alone. */
export const withOnlyHere = (kept: ConnectionSettings, found: OnlyHere): ConnectionSettings => ({
  ...kept,
  proxy: kept.proxy ?? found.proxy,
  certificates: [...kept.certificates, ...found.certificates],
});

/** What to keep with the credential after `given`: an option replaces its setting, the empty one drops it. */
export function settingsAfter(given: GivenConnection, saved: ConnectionSettings): ConnectionSettings {
  const {proxy, certificates, caOnly, addresses} = chooseConnection(given, saved);
  return {
    proxy: proxy.value === 'none' ? null : proxy.value,
    certificates: [...certificates.value],
    caOnly: caOnly.value,
    addresses: [...addresses.value],
    timeoutSeconds: given.timeoutSeconds ?? saved.timeoutSeconds,
  };
}
