/** Host names that look like Atlassian's and are not, and names whose letters are not what they seem. */
import {distance} from '../text/distance.ts';

export const cloudDomain = 'atlassian.net';
const home = cloudDomain;

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

/** The host that a lookalike was probably meant to be, or null. */
export function meantHost(host: string): string | null {
  if (host.endsWith(`.${home}`)) return null;
  const inside = `.${host}`.indexOf(`.${home}.`);
  const front = inside > 0 ? host.slice(0, inside - 1) : (nearest(host)?.front ?? '');
  const name = /(?:^|\.)([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)[.-]?$/.exec(front)?.[1];
  return name === undefined ? null : `${name}.${home}`;
}

const resembles = (host: string): boolean => nearest(host) !== null;

/** Where the end of the host is within two edits of atlassian.net: what stands in front of the best such end. */
function nearest(host: string): Readonly<{front: string; edits: number}> | null {
  const lengths = [0, -1, 1, -2, 2].map(more => home.length + more).filter(length => length <= host.length);
  const ends = lengths.map(length => ({
    front: host.slice(0, host.length - length),
    edits: distance(host.slice(-length), home),
  }));
  // Of equally near ends the one that begins at a dot is the domain.
  const ranked = ends.map(end => ({...end, rank: 2 * end.edits + (/^$|\.$/.test(end.front) ? 0 : 1)}));
  const best = ranked.reduce((one, other) => (other.rank < one.rank ? other : one), {front: '', edits: 3, rank: 6});
  return best.edits <= 2 ? best : null;
}

const latin = /\p{Script=Latin}/u;
const otherLetters = /(?!\p{Script=Latin})\p{Letter}/u;

/** Latin and other letters within one label, as no honest name has them outside East Asia. */
function mixesScripts(typed: string): boolean {
  return typed
    .split(/[.\u3002\uff0e\uff61]/)
    .some(label => !label.startsWith('xn--') && latin.test(label) && otherLetters.test(label));
}
