import {type TidyToken, tidyToken} from './tidy-token.ts';
import {checksumOf} from './token-shape.ts';
import {type UnusableToken, unusableToken} from './unusable-token.ts';

export type FoundToken = Readonly<{kind: 'token'}> & TidyToken;

/**
 * The token in whatever was pasted, read from a file or found in a variable; or why there cannot be one in it, and then
 * nothing is sent.
 */
export function findToken(raw: string): FoundToken | UnusableToken {
  const tidy = tidyToken(raw);
  // A checksum that fits needs no further judgement, whatever the text around it looks like.
  return (checksumOf(tidy.token) === 'ok' ? null : unusableToken(raw, tidy.token)) ?? {kind: 'token', ...tidy};
}
