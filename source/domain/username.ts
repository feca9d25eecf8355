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
      'This is not an e-mail address. Jira Cloud expects the one of your Atlassian account, such as you@acme.com.',
      'username-not-email',
    );
  return {ok: true, username, changes, warning: doubt(username, deployment)};
}

type Wrapping = readonly [inside: (name: string) => string | undefined, change: string];

/** What mail programs, shells and lists put around a name, in any order. */
const wrappings: readonly Wrapping[] = [
  [name => name.trim(), 'removed the space around it'],
  [name => withoutInvisible(name), 'removed invisible characters'],
  // How a mail program copies an address: Ada Lovelace <you@acme.com>
  [name => /^[^<>]*<([^<>\s]+@[^<>\s]+)>$/.exec(name)?.[1], 'took the address out of the brackets'],
  [name => /^["'`“”‘’](.*)["'`“”‘’]$/.exec(name)?.[1], 'removed the quotes around it'],
  [name => /^mailto:([^?]*)/i.exec(name)?.[1], 'removed mailto: in front'],
  [name => /^[a-z][a-z _-]{1,29}:\s*([^\s:]+@[^\s:]+)$/i.exec(name)?.[1], 'removed the name in front'],
  [name => /^([^\s@%]+)%40([^\s@%]+)$/.exec(name)?.slice(1).join('@'), 'wrote %40 as @'],
  [name => (name.includes('@') ? undefined : name.replace('\uff20', '@')), 'wrote the wide @ as @'],
  [
    name => /^(?:export\s+|set\s+|\$env:)?[a-z][\w.-]{0,39}\s*=\s*(\S.*)$/i.exec(name)?.[1],
    'removed the name in front',
  ],
  [name => /^(.*[^\s,;])\s*[,;]+$/.exec(name)?.[1], 'removed the punctuation at its end'],
];

function unwrap(text: string, changes: string[]): string {
  let name = text;
  if (name.length > 4 * usernameLimit) return name.trim();
  // Each removal makes the name shorter, so this ends.
  for (let again = true; again; ) {
    again = false;
    for (const [inside, change] of wrappings) {
      const next = inside(name) ?? name;
      if (next === name) continue;
      name = next;
      again = true;
      if (!changes.includes(change)) changes.push(change);
    }
  }
  return name;
}

function whyNot(username: string, deployment: Deployment | null): string | null {
  const what = deployment === 'data-center' ? 'your login name' : 'your e-mail address, such as you@acme.com';
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
    return 'This is not an e-mail address. Jira Cloud accepts only an e-mail address; login names work only on Data Center.';
  if (deployment === 'data-center' && email)
    return 'Jira Data Center normally expects the login name rather than the e-mail address; your profile page shows it.';
  if (/\s/.test(username)) return 'There is a space inside the username. Make sure that it belongs there.';
  return null;
}
