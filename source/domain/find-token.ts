import {type TidyToken, tidyToken} from './tidy-token.ts';
import {checksumOf, tokenKind} from './token-shape.ts';
import {type UnusableToken, unusableToken} from './unusable-token.ts';

export type FoundToken = Readonly<{kind: 'token'}> & TidyToken;

/**
 * The token in whatever was pasted, read from a file or found in a variable; or why there cannot be one in it, and then
 * nothing is sent.
 */
export function findToken(raw: string): FoundToken | UnusableToken {
  const tidy = tidyToken(raw);
  // What has a token's own marks needs no further judgement, whatever the text around it looks like.
  const sure = checksumOf(tidy.token) === 'ok' || tokenKind(tidy.token) === 'data-center-pat';
  return (sure ? null : unusableToken(raw, tidy.token)) ?? {kind: 'token', ...tidy};
}
