/**
 * Texts that cannot be a token, whatever Jira it is for: a variable's name, a placeholder out of a manual, a copy with
 * stars in it. Sending one would be a failed sign-in that locks accounts, and the answer would blame the wrong thing.
 */
import {searchTokens} from './token-search.ts';
import {tokenLimit} from './token-shape.ts';

export const unusableReasons = [
  'empty',
  'variable',
  'placeholder',
  'reference',
  'encrypted',
  'masked',
  'path',
  'address',
  'private-key',
  'several',
  'text',
  'too-long',
  'foreign-character',
] as const;
export type UnusableReason = (typeof unusableReasons)[number];

export type UnusableToken = Readonly<{
  kind: 'unusable';
  reason: UnusableReason;
  /** What was given and what to do, never with any part of it. */
  sentence: string;
}>;

const again = 'Copy the token where it was created and paste it here.';

const sentences: Readonly<Record<Exclude<UnusableReason, 'too-long'>, string>> = {
  empty: `It is empty: there is no token in it. ${again}`,
  variable: `This is the name of a variable, not its value. ${again}`,
  placeholder: `This is a placeholder from a manual or a template, not a token. ${again}`,
  reference: `This is a reference to an entry of a password manager. Let --token-command read the entry, or paste the token itself.`,
  masked: `This is a masked copy: dots or stars stand where the token was. ${again}`,
  path: `This is the path of a file. Give it as --token-file, or paste the token itself.`,
  address: `This is an address, not a token. ${again}`,
  encrypted: `This is an encrypted value. Let --token-command decrypt it, or paste the token itself.`,
  'private-key': `This is a private key, not a token. Paste the API token, and keep the key to yourself.`,
  several: `There are several different tokens in it. Paste the one for this credential alone.`,
  text: `This is a text of several words, and no token could be found in it. Paste the token alone.`,
  'foreign-character': `It contains a character that no token has, such as an accented letter, a long dash or an ellipsis. ${again}`,
};

const unusable = (reason: keyof typeof sentences): UnusableToken => ({
  kind: 'unusable',
  reason,
  sentence: sentences[reason],
});

const tooLong = (length: number): UnusableToken => {
  // What is far too long may have been cut on its way here: then its length says nothing.
  const count = length < 2 * tokenLimit ? length : `${2 * tokenLimit} or more`;
  const sentence = `This has ${count} characters; no token is longer than ${tokenLimit}. Paste the API token alone.`;
  return {kind: 'unusable', reason: 'too-long', sentence};
};

/** What programs write where there is no value. */
const nothings = new Set(['null', 'undefined', 'none', 'nil', 'nan', 'n/a', 'todo', 'tbd', '(none)', '<none>', '""']);

const secretWord = /token|key|secret|pass|pwd|credential/i;

/** Each tells one thing from the whole text, without the white space and quotes around it. */
const shapes: readonly (readonly [reason: keyof typeof sentences, is: (text: string) => boolean])[] = [
  ['private-key', text => /-----BEGIN [A-Z ]*PRIVATE KEY-----|^AGE-SECRET-KEY-1/.test(text)],
  ['placeholder', isPlaceholder],
  // $NAME, ${NAME}, ${NAME:-}, $(command), %NAME%, $env:NAME, ${{ secrets.NAME }}
  [
    'variable',
    text => /^\$(?:env:)?[A-Za-z_]\w*$/.test(text) && (secretWord.test(text) || text === text.toUpperCase()),
  ],
  ['variable', text => /^\$\{[^{}]*\}$|^\$\([^()]*\)$|^%[A-Za-z_]\w*%$/.test(text)],
  ['variable', text => /^\$?\{\{[^{}]*\}\}$|^#\{[^{}]*\}#?$|^@@?[A-Z][A-Z0-9_]*@@?$|^__[A-Za-z]\w*__$/.test(text)],
  ['variable', text => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) && secretWord.test(text)],
  ['empty', text => /^(?:(?:export|set|setx)\s+|\$env:)?[A-Za-z_][\w.-]*\s*[=:]$/i.test(text) && secretWord.test(text)],
  [
    'reference',
    text => /^(?:op|vault|secret|keyring|keychain|bw|lpass|ssm|akv|gcp-?sm|awssm)\+?[a-z-]*:\/\//i.test(text),
  ],
  ['reference', text => /^(?:vault|op|ssm|secretsmanager|sops|bao):[\w./-]+[/#:][\w./#:-]+$/i.test(text)],
  ['reference', text => /^arn:aws[\w-]*:(?:secretsmanager|ssm|kms):/.test(text)],
  ['reference', text => /^@[A-Za-z]+\.[A-Za-z]+\([^()]*\)$/.test(text)],
  // Values that a tool has encrypted in place: sops, jasypt, Spring, Ansible, systemd-creds, age.
  [
    'encrypted',
    text => /^ENC[[(].*[\])]$|^\{cipher\}|^!vault\b|^\$ANSIBLE_VAULT;|^-----BEGIN AGE ENCRYPTED FILE/s.test(text),
  ],
  ['variable', text => /^`[^`]+`$/.test(text) && /\s/.test(text)],
  ['empty', text => nothings.has(text.toLowerCase())],
  ['masked', text => /^(?:\.{3,}|…+)$|^AT[ACS]TT?\w{0,24}(?:\.{2,}|…|\*{3,})/.test(text)],
  ['masked', text => /^([*•●∙·.xX#_-])\1{5,}$/.test(text) || /[*•●∙]{4}/.test(text)],
  [
    'masked',
    text => /^[<([]?(?:redacted|masked|hidden|removed|filtered|secret)[>)\]]?$/i.test(text) && /[^a-z]/i.test(text),
  ],
  ['masked', text => /^redacted$/i.test(text)],
  [
    'placeholder',
    text => /^<[^<>]*>$|^\[[^[\]]*\]$/.test(text) && /^.[a-z][a-z _-]*.$/i.test(text) && secretWord.test(text),
  ],
  ['path', text => /^(?:~|\.{1,2})?(?:\/[\w.@-]+){2,}$/.test(text) || /^(?:~|\.{1,2})\/[\w.@-]+$/.test(text)],
  ['path', text => /^file:\/\//i.test(text) || /^[A-Za-z]:\\[\w .@\\-]+$/.test(text)],
  ['address', text => /^https?:\/\/\S+$/i.test(text)],
];

/** "your-api-token", "YOUR_TOKEN_HERE", "paste your token here", "change me": words, and one of them is the instruction. */
function isPlaceholder(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z _-]*$/.test(text) || text.length > 60) return false;
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _-]/);
  const instructed = words.some(word => ['your', 'insert', 'paste', 'enter', 'replace', 'put'].includes(word));
  return (instructed && words.length > 1 && secretWord.test(text)) || /^change[ _-]?(?:me|it)$/i.test(text);
}

/**
 * Why nothing in this text can be a token; null when something can.
 * @param raw as pasted or read
 * @param token what `tidyToken` made of it
 */
export function unusableToken(raw: string, token: string): UnusableToken | null {
  if (token.trim() === '') return unusable('empty');
  const whole = raw.trim();
  const bare = whole.replace(/^["'`](.*)["'`]$/s, '$1').trim();
  for (const text of new Set([whole, bare, token]))
    if (text.length <= tokenLimit) for (const [reason, is] of shapes) if (is(text)) return unusable(reason);
  if (token.length > tokenLimit) return tooLong(token.length);
  if (searchTokens(raw.slice(0, 4 * tokenLimit)).tokens.length > 1) return unusable('several');
  if (/[^\u0020-\u007e]/.test(token)) return unusable('foreign-character');
  return isText(bare, token) ? unusable('text') : null;
}

/**
 * Words with signs between them that no token has. A token broken into lines has none; a password is sent without the
 * white space in it, and so would be refused anyway.
 */
const isText = (bare: string, token: string): boolean =>
  /\S\s+\S/.test(bare) && bare.replace(/\s+/g, '').includes(token) && /[^\w+/=.~:-]/.test(token);
