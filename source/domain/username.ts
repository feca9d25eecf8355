/** The account's name as it is sent: the e-mail address on Cloud, normally the login name on Data Center. */
import {withoutInvisible} from './clean.ts';
import type {Deployment} from './credential.ts';
import {looksLikeToken} from './token.ts';

export type CheckedUsername =
  | Readonly<{ok: true; username: string; changes: string[]; warning: string | null}>
  | Readonly<{ok: false; reason: string; code: 'username-not-email' | null}>;

/** Longest user name in UTF-16 units: the longest e-mail address (RFC 5321, 4.5.3.1.3) has 254, Jira allows 255. */
export const usernameLimit = 255;

const refuse = (reason: string, code: 'username-not-email' | null = null): CheckedUsername => ({
  ok: false,
  reason,
  code,
});

/**
 * @param text as typed or pasted
 * @param deployment what the site is, null while nobody knows
 * @returns the name without what a paste put around it and what was taken off; or why it cannot be one. A reason never
 *   repeats the text: it may be a token in the wrong field
 */
export function checkUsername(text: string, deployment: Deployment | null): CheckedUsername {
  const changes: string[] = [];
  const username = unwrap(text, changes);
  const reason = whyNot(username, deployment);
  if (reason !== null) return refuse(reason);
  if (deployment === 'cloud' && !isEmail(username))
    return refuse(
      'Jira Cloud takes the e-mail address of your Atlassian account here, like you@acme.com; this is none.',
      'username-not-email',
    );
  return {ok: true, username, changes, warning: doubt(username, deployment)};
}

function unwrap(text: string, changes: string[]): string {
  let name = text.trim();
  if (name !== text) changes.push('removed the space around it');
  const note = (next: string, change: string): void => {
    if (next !== name) changes.push(change);
    name = next;
  };
  if (name.length > 4 * usernameLimit) return name;
  note(withoutInvisible(name).trim(), 'removed invisible characters');
  // How a mail program copies an address: Ada Lovelace <you@acme.com>
  note(/^[^<>]*<([^<>\s]+@[^<>\s]+)>[,;]?$/.exec(name)?.[1] ?? name, 'took the address out of the brackets');
  note(/^["'`“”‘’](.*)["'`“”‘’]$/.exec(name)?.[1]?.trim() ?? name, 'removed the quotes around it');
  note(name.replace(/^mailto:/i, ''), 'removed mailto: in front');
  return name;
}

function whyNot(username: string, deployment: Deployment | null): string | null {
  const what = deployment === 'data-center' ? 'your login name' : 'your e-mail address, like you@acme.com';
  if (username === '') return `The username is empty. Type ${what}.`;
  if (looksLikeToken(username))
    return `That looks like an API token, which belongs in the API Token field only. Type ${what}.`;
  if (username.length > usernameLimit)
    return `This is longer than a username can be (${usernameLimit} characters). Type ${what}.`;
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]|\p{Surrogate}/u.test(username))
    return `There is a line end or a control character in the username. Type ${what}, on one line.`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(username))
    return `That looks like an address, which belongs in the JIRA Software URL field. Type ${what}.`;
  // RFC 7617, 2: the first colon ends the user name, so one inside would make its rest part of the password.
  if (username.includes(':'))
    return `A username cannot contain “:”. Type ${what} alone; the token is asked for separately.`;
  if (username.includes('@') && /\s/.test(username)) return `There is a space in the e-mail address. Type ${what}.`;
  return null;
}

/** One "@" with something on either side. Whether it exists, only Atlassian knows. */
function isEmail(username: string): boolean {
  const at = username.indexOf('@');
  return at > 0 && at === username.lastIndexOf('@') && at < username.length - 1;
}

function doubt(username: string, deployment: Deployment | null): string | null {
  const email = isEmail(username);
  if (deployment === null && !email)
    return 'This is no e-mail address. Jira Cloud takes only the e-mail address; a login name works on Data Center alone.';
  if (deployment === 'data-center' && email)
    return 'Jira Data Center normally takes the login name, not the e-mail address; your profile page there shows it.';
  if (/\s/.test(username)) return 'There is a space inside the username. Make sure that it belongs there.';
  return null;
}
