/** What a credential may be called, and how it may be described. Both stand in clear in the store and on screens. */
import {withoutInvisible} from './clean.ts';
import {looksLikeToken} from './token.ts';

/** Longest name and description, in characters. */
export const nameLimit = 80;
export const descriptionLimit = 500;

export type CheckedName = Readonly<{ok: true; name: string}> | Readonly<{ok: false; reason: string}>;
export type CheckedDescription = Readonly<{ok: true; description: string}> | Readonly<{ok: false; reason: string}>;

/**
 * NFKC rather than NFC: a full-width letter or a ligature looks like the plain one, and a name that looks the same has to
 * be the same. Case does not count either.
 */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Whether two names mean the same credential. */
export function sameName(one: string, other: string): boolean {
  return folded(one.trim()) === folded(other.trim());
}

/**
 * @param text as typed; white space around it goes
 * @param taken the names in the store, without the one being edited
 */
export function checkName(text: string, taken: readonly string[]): CheckedName {
  const name = text.trim().normalize('NFC');
  if (name === '') return {ok: false, reason: 'A credential needs a name. Type one, for example “Jira production”.'};
  const reason = unfit(name, 'name', nameLimit);
  if (reason !== null) return {ok: false, reason};
  if (name.startsWith('-'))
    return {
      ok: false,
      reason: 'A name that begins with “-” would read as an option in commands. Begin it with a letter.',
    };
  const other = taken.find(existing => sameName(existing, name));
  if (other !== undefined)
    return {
      ok: false,
      reason: `There is a credential called “${withoutInvisible(other)}” already. Choose another name.`,
    };
  return {ok: true, name};
}

/** @param text as typed; one line, may be empty */
export function checkDescription(text: string): CheckedDescription {
  const description = text.trim().normalize('NFC');
  const reason = unfit(description, 'description', descriptionLimit);
  return reason === null ? {ok: true, description} : {ok: false, reason};
}

function unfit(text: string, what: 'name' | 'description', limit: number): string | null {
  // Far too long is too long however it is counted; only what is near the limit is taken apart into characters.
  const length = text.length > 20 * limit ? text.length : [...text].length;
  if (length > 4 * limit) return `The ${what} is far too long; ${limit} characters fit. Shorten it.`;
  if (length > limit) return `The ${what} has ${length} characters; ${limit} fit. Shorten it.`;
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u.test(text))
    return `There is a line end or a control character in the ${what}. Type it on one line.`;
  if (withoutInvisible(text) !== text)
    return `There is an invisible character in the ${what}, which nobody could type again. Type it instead of pasting it.`;
  if (text.split(/\s/).some(looksLikeToken))
    return `There is something like an API token in the ${what}, which is stored readable. Type the token in the API Token field only.`;
  return null;
}
