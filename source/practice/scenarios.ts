/** Every rehearsal the practice Jira knows, one a failure code, and the codes it cannot play with the reason. */
import type {FailureCode} from '../diagnosis/codes.ts';
import {UsageFault} from '../domain/fault.ts';
import type {Scenario} from './play.ts';
import {accountScenarios} from './scenarios/account-scenarios.ts';
import {reachScenarios} from './scenarios/reach-scenarios.ts';
import {signInScenarios} from './scenarios/sign-in-scenarios.ts';
import {siteScenarios} from './scenarios/site-scenarios.ts';

const all = [...reachScenarios, ...siteScenarios, ...signInScenarios, ...accountScenarios] as const;
type Playable = (typeof all)[number]['code'];

export const scenarios: readonly Scenario[] = all;

/** The codes `startPractice` takes as `fault`. */
export const practiceFaults: readonly FailureCode[] = scenarios.map(row => row.code);

const offline = 'Found before anything is sent';
const filed = 'The store is to blame, not the site';

/** Codes no server can bring about, each with why and, where there is a way, how to see it all the same. */
export const unplayable: Readonly<Record<Exclude<FailureCode, Playable>, string>> = {
  'url-invalid': `${offline}: type an address such as https://:443.`,
  'url-insecure': `${offline}: type an address that begins with http://.`,
  'url-lookalike': `${offline}: type an address such as https://acme.atlasian.net.`,
  'username-not-email': `${offline}: type a username without @ for a Cloud site.`,
  'token-damaged': `${offline}: paste the practice token without its last character.`,
  'token-wrong-kind': `${offline}: paste a token that begins with ATCTT3.`,
  'token-unusable': `${offline}: give the name of a variable instead of a token.`,
  'credential-unknown': `${filed}: ask for a name that is not saved.`,
  'dns-not-found': 'A server is only asked after its name was found: type a host name that does not exist.',
  'dns-unavailable': 'A server is only asked after its name was found: it takes a machine without a resolver.',
  'connection-timed-out': 'Only a firewall can swallow a connection: the kernel of this machine answers at once.',
  'network-unreachable': 'This machine always has a way to itself: it takes a missing network route.',
  'passphrase-wrong': `${filed}: give another passphrase to a saved credential.`,
  'store-changed': `${filed}: edit a clear field of a saved credential.`,
  'store-damaged': `${filed}: break the JSON of a copy of the store.`,
  'store-newer': `${filed}: raise the version in a copy of the store.`,
  'store-unsafe': `${filed}: let other users write a copy of the store.`,
  'store-unwritable': `${filed}: point it at a folder that cannot be written.`,
  'store-busy': `${filed}: it takes another jirakey at work on it.`,
  'memory-too-small': `${filed}: it takes a machine or container with too little memory.`,
};

const healthy: Omit<Scenario, 'code'> = {
  story: 'A healthy Jira Cloud: everything passes.',
  deployment: 'cloud',
  play: {},
};

const isUnplayable = (code: FailureCode): code is keyof typeof unplayable => code in unplayable;

/**
 * @param code null for the healthy Jira
 * @throws {UsageFault} when no server can play it; the reason is in the message
 */
export function findScenario(code: FailureCode | null): Omit<Scenario, 'code'> {
  if (code === null) return healthy;
  const found = scenarios.find(row => row.code === code);
  if (found !== undefined) return found;
  const reason = isUnplayable(code) ? unplayable[code] : 'There is no such failure.';
  throw new UsageFault(`The practice Jira cannot play ${code}. ${reason}`, ['jirakey practice --list']);
}
