/** Which connection settings a credential keeps after a command: its own, as the options change them, and what was asked to be kept. */
import {environmentSettings} from '../../connection/environment-settings.ts';
import {onlyHere, onlyHereText, settingsAfter, withOnlyHere} from '../../domain/connection-choice.ts';
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
  const found = onlyHere(environmentSettings(site, world.env), given, kept);
  return found === null ? kept : withOnlyHere(kept, found);
}

/** What holds here by variables alone, in words; null where nothing does. */
export function unkeptConnection(
  site: Site,
  kept: ConnectionSettings,
  {options, world}: Pick<Context, 'options' | 'world'>,
): string | null {
  const found = onlyHere(environmentSettings(site, world.env), givenConnection(options), kept);
  return found === null ? null : onlyHereText(found);
}
