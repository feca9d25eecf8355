/**
 * Options by which somebody may try to hand a secret over. None of them exists, because every user of a machine can
 * read command lines: each is refused with the reason and the ways that are safe, whatever it is called.
 */
import {UsageFault} from '../../domain/fault.ts';
import {isOptionName} from './options.ts';

type Kind = 'token' | 'passphrase' | 'proxy login';

/** Whole names, abbreviations too: a prefix is what a parser of another tool would accept. */
const names: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:t|tok|toke|u|userpwd|userpass)$/, 'token'],
  [/^(?:p|passp(?:h(?:r(?:as?)?)?)?)$/, 'passphrase'],
];

/** One word of a name is enough: `--jira-pat`, `--apiToken` and `--bearer_token` all mean the token. */
const words: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:passphrase|phrase|pass|pw)$/, 'passphrase'],
  [
    /^(?:token|apitoken|accesstoken|pat|secret|passwo?r?d?|passwort|pwd|apikey|key|bearer|basic|auth|authorization|authorisation|credentials?)$/,
    'token',
  ],
];

const login = /^(?:user|username|login|auth|pass|password|passwd|pw|pwd|credentials?)$/;

/** `apiToken` and `api_token` as `api`, `token`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]+/);

/** The secret an option of this name would carry; null for those that exist and those that mean none. */
export function secretBehind(name: string): Kind | null {
  if (isOptionName(name)) return null;
  const parts = wordsOf(name);
  if (parts[0] === 'proxy' && parts.some(part => login.test(part))) return 'proxy login';
  const whole = names.find(([pattern]) => pattern.test(name.toLowerCase()));
  const word = words.find(([pattern]) => parts.some(part => pattern.test(part)));
  return whole?.[1] ?? word?.[1] ?? null;
}

const alternatives: Readonly<Record<Kind, readonly string[]>> = {
  token: [
    'Give the token by --token-stdin, --token-file F, --token-fd N or --token-command CMD.',
    'On a terminal, omit it: jirakey asks for it and never shows it.',
    'If others use this machine, revoke the token you just typed and create a new one.',
  ],
  passphrase: [
    'Give the passphrase by --passphrase-stdin, --passphrase-file F, --passphrase-fd N or --passphrase-command CMD.',
    'On a terminal, omit it: jirakey asks for it and never shows it.',
    'If others use this machine, change the passphrase you just typed: jirakey passphrase',
  ],
  'proxy login': [
    'Put the login into HTTPS_PROXY, as http://USER:PASSWORD@HOST:PORT, in a file that only you can read.',
    'If others use this machine, have that password changed.',
  ],
};

/** @throws UsageFault; the value is never repeated */
export function refuseSecretOption(name: string): void {
  const secret = secretBehind(name);
  if (secret === null) return;
  throw new UsageFault(
    `${name.length === 1 ? '-' : '--'}${name} is refused: every user of this machine can read command lines, and your shell keeps them.`,
    alternatives[secret],
  );
}
