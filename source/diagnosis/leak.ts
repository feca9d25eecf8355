/**
 * The self-check of everything that is written to be handed on: whether a secret stands in a text, known ones in every
 * form programs print them, unknown ones by their shape. Pure.
 */
import {base64Forms} from '../domain/secret-forms.ts';
import {SecretMatcher} from '../domain/secret-matcher.ts';
import {tokenKind} from '../domain/token-shape.ts';

/** The secrets there are, as far as they are known where a text is checked. */
export type Secrets = Readonly<{
  tokens?: readonly string[];
  /** Passphrases and other secrets made of words. */
  phrases?: readonly string[];
  /** Armored seals. */
  sealed?: readonly string[];
}>;

/** @returns what stands in the text, in words that complete “it holds …”; null when nothing does. Never the secret */
export function leakIn(text: string, secrets: Secrets = {}): string | null {
  // Only in the text as it is: without its spaces an address and the e-mail behind it look alike. PASSWORD is an example.
  if (/:\/\/[^\s/?#@:"'<>,]+:(?!PASSWORD@)[^\s/?#@"'<>,]+@/.test(text)) return 'an address with a password in it';
  // A long word may have been broken over lines, and base64 is by its own programs.
  const views = [text, text.replace(/\s+/g, '')];
  return known(text, secrets) ?? views.map(shaped).find(each => each !== null) ?? null;
}

function known(text: string, {tokens = [], phrases = [], sealed = []}: Secrets): string | null {
  if (new SecretMatcher(tokens).finds(text)) return 'the token or a piece of it';
  if (new SecretMatcher(phrases).finds(text)) return 'the passphrase or another secret';
  if (sealed.some(seal => seal.split('\n').some(line => line.length > 20 && text.includes(line)))) return 'sealed text';
  return null;
}

// How every token of Atlassian's own begins, and what becomes of that in base64 and in hex.
const heads = ['ATATT3x', 'ATSTT3x', 'ATCTT3x'];
const packedHeads = heads.flatMap(head => [...base64Forms(head), hexHead(head), hexHead(head).toUpperCase()]);

function hexHead(head: string): string {
  return Array.from(head, letter => letter.charCodeAt(0).toString(16)).join('');
}

function shaped(view: string): string | null {
  if (/AT[A-Z]TT3x/.test(view) || packedHeads.some(head => view.includes(head))) return 'something shaped like a token';
  // Words after “Basic” are words; what is encoded has digits in it.
  if (/\b(?:Basic|Bearer)(?: |%20|\+)(?=[\w+/=-]*[0-9])[\w+/=-]{12,}/i.test(view)) return 'an Authorization header';
  if (/authorization["']?\s*[:=]\s*["']?(?:Basic|Bearer)(?: |%20)?[\w+/=-]{8,}/i.test(view))
    return 'an Authorization header';
  if (/-----BEGIN AGE|YWdlLWVuY3J5cHRpb24ub3JnL3/.test(view)) return 'sealed text';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(view)) return 'a private key';
  const words = [...(view.match(/[\w+/=-]{20,4096}/g) ?? []), ...(view.match(/eyJ[\w.-]{20,4000}[\w-]/g) ?? [])];
  return words.some(word => telling.includes(tokenKind(word))) ? 'something shaped like a token' : null;
}

// Twenty-four letters and digits (“legacy”) may be anything; these are tokens.
const telling: readonly string[] = [
  'atlassian-user',
  'atlassian-service-account',
  'organisation-admin-key',
  'bitbucket',
  'jwt',
  'data-center-pat',
];
