/** Which settings hold: the option, then the credential, then the environment, for every combination of the three. */
import {describe, expect, test} from 'vitest';
import {
  chooseConnection,
  type GivenConnection,
  nothingGiven,
  settingsAfter,
} from '../../source/domain/connection-choice.ts';
import {type ConnectionSettings, noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {parseProxyAddress, proxyAddressWithLogin} from '../../source/domain/proxy-address.ts';

const [optionProxy, savedProxy] = ['option', 'saved'].map(host => ({
  url: `http://${host}.acme.example:3128`,
  username: null,
  password: null,
}));
if (optionProxy === undefined || savedProxy === undefined) throw new Error('two proxies were expected');

const given: GivenConnection = {
  proxy: optionProxy,
  authorities: {certificates: ['option pem'], from: '/etc/acme.pem'},
  caOnly: true,
  addresses: ['jira.acme.example:443:10.0.0.1'],
  timeoutSeconds: 60,
};
const saved: ConnectionSettings = {
  proxy: savedProxy,
  certificates: ['saved pem'],
  caOnly: true,
  addresses: ['jira.acme.example:443:10.0.0.2'],
  timeoutSeconds: 45,
};
const dropped: GivenConnection = {
  proxy: 'none',
  authorities: {certificates: [], from: ''},
  caOnly: false,
  addresses: [],
  timeoutSeconds: null,
};

describe('a setting comes from the first place that has it', () => {
  const origins = (options: GivenConnection, settings: ConnectionSettings) =>
    Object.values(chooseConnection(options, settings)).map(({from}) => from);

  test.each([
    ['all from options', given, saved, 'option'],
    ['options alone', given, noConnectionSettings, 'option'],
    ['all from the credential', nothingGiven, saved, 'credential'],
    ['nothing anywhere', nothingGiven, noConnectionSettings, 'environment'],
  ] as const)('%s', (_what, options, settings, from) => {
    expect(new Set(origins(options, settings))).toEqual(new Set([from]));
  });

  test.each(Object.keys(nothingGiven) as (keyof GivenConnection)[])('%s alone as an option', key => {
    const chosen = chooseConnection({...nothingGiven, [key]: given[key]}, {...saved, caOnly: false});
    const name = key === 'authorities' ? 'certificates' : key;
    expect(chosen[name].from).toBe('option');
    const others = Object.entries(chosen).filter(([each]) => each !== name && each !== 'caOnly');
    expect(others.map(([, {from}]) => from)).toEqual(others.map(() => 'credential'));
  });

  test('an empty option drops what is saved for the run', () => {
    const chosen = chooseConnection(dropped, saved);
    expect(chosen.proxy).toEqual({value: 'none', from: 'option'});
    expect(chosen.certificates.value).toEqual([]);
    // Nothing is left that could be trusted alone.
    expect(chosen.caOnly.value).toBe(false);
  });

  test('what is kept afterwards is what the options said, the rest as it was', () => {
    expect(settingsAfter(nothingGiven, saved)).toEqual(saved);
    expect(settingsAfter(given, saved)).toEqual({
      proxy: optionProxy,
      certificates: ['option pem'],
      caOnly: true,
      addresses: given.addresses,
      timeoutSeconds: 60,
    });
    expect(settingsAfter(dropped, saved)).toEqual({...noConnectionSettings, timeoutSeconds: 45});
    expect(settingsAfter(nothingGiven, noConnectionSettings)).toEqual(noConnectionSettings);
  });
});

describe('the address of a proxy', () => {
  test.each([
    ['proxy.acme.example:3128', 'http://proxy.acme.example:3128', null, null],
    [' http://proxy.acme.example ', 'http://proxy.acme.example:80', null, null],
    ['https://proxy.acme.example/', 'https://proxy.acme.example:443', null, null],
    ['http://bob:p%40ss@proxy.acme.example:3128', 'http://proxy.acme.example:3128', 'bob', 'p@ss'],
    ['http://bob@proxy.acme.example:3128', 'http://proxy.acme.example:3128', 'bob', ''],
    ['http://acme%5Cbob:%2F%23@[::1]:3128', 'http://[::1]:3128', 'acme\\bob', '/#'],
  ])('%s', (text, url, username, password) => {
    const read = parseProxyAddress(text);
    expect(read).toEqual({ok: true, proxy: {url, username, password}});
    if (!read.ok) return;
    expect(parseProxyAddress(proxyAddressWithLogin(read.proxy))).toEqual(read);
  });
});
