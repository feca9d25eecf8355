/** Which connection settings a credential keeps after a command: its own, as the options change them, and what was asked to be kept. */
import {environmentSettings} from '../../connection/environment-settings.ts';
import {settingsAfter} from '../../domain/connection-choice.ts';
import type {ConnectionSettings} from '../../domain/connection-settings.ts';
import type {Site} from '../../domain/site.ts';
import type {Context} from '../context.ts';
import {givenConnection} from './reach-options.ts';

/** @throws UsageFault */
export function keptConnection(
  site: Site,
  saved: ConnectionSettings,
  {options, world}: Pick<Context, 'options' | 'world'>,
): ConnectionSettings {
  const given = givenConnection(options);
  const kept = settingsAfter(given, saved);
  if (options['keep-connection'] !== true) return kept;
  const here = environmentSettings(site, world.env);
  return {
    ...kept,
    proxy: kept.proxy ?? (given.proxy === null ? here.proxy : null),
    certificates:
      kept.caOnly || given.authorities !== null
        ? kept.certificates
        : [...new Set([...kept.certificates, ...here.certificates])],
  };
}

/** What holds here by variables alone, and would not hold for a job without them; null where nothing does. */
export function unkeptConnection(site: Site, kept: ConnectionSettings, {world}: Pick<Context, 'world'>): string | null {
  const here = environmentSettings(site, world.env);
  const lacking = [
    ...(kept.proxy === null && here.proxy !== null ? ['the proxy'] : []),
    ...(!kept.caOnly && here.certificates.some(pem => !kept.certificates.includes(pem)) ? ['a CA'] : []),
  ];
  return lacking.length === 0 ? null : lacking.join(' and ');
}
