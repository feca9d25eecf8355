/** Host names that look like Atlassian's and are not, and names whose letters are not what they seem. */
import {distance} from '../text/distance.ts';

const home = 'atlassian.net';

/**
 * Why a host deserves a second look before a token is sent to it, or null.
 * @param host as it will be asked: ASCII, lower case
 * @param typed as it was typed, where scripts can still be seen
 */
export function lookalike(host: string, typed: string): string | null {
  if (mixesScripts(typed))
    return `${host} was typed with letters of several alphabets, some of which look alike. Make sure that this is the site you mean.`;
  if (host.split('.').some(label => label.startsWith('xn--')))
    return `${host} stands for a name with letters beyond a–z, some of which look like others. Make sure that this is the site you mean.`;
  if (host === home || host.endsWith(`.${home}`)) return null;
  if (`.${host}`.includes(`.${home}.`))
    return `${host} only begins like an Atlassian site: its real domain is what stands at the end, ${ending(host)}. Make sure that this is the site you mean.`;
  if (resembles(host))
    return `${host} is almost, but not, an address under ${home}. Make sure that this is the site you mean.`;
  return null;
}

const ending = (host: string): string => host.split('.').slice(-2).join('.');

/** Whether the end of the host is within two edits of atlassian.net. */
function resembles(host: string): boolean {
  for (let length = home.length - 2; length <= home.length + 2; length += 1) {
    if (length <= host.length && distance(host.slice(-length), home) <= 2) return true;
  }
  return false;
}

const latin = /\p{Script=Latin}/u;
const otherLetters = /(?!\p{Script=Latin})\p{Letter}/u;

/** Latin and other letters within one label, as no honest name has them outside East Asia. */
function mixesScripts(typed: string): boolean {
  return typed
    .split(/[.\u3002\uff0e\uff61]/)
    .some(label => !label.startsWith('xn--') && latin.test(label) && otherLetters.test(label));
}
