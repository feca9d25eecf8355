/** What an organization allows: from which addresses, and whether API tokens may be used at all. */
import type {Seen} from '../evidence.ts';
import {answerIn, bodyText, isDataCenter, refusedByAtlassian} from '../evidence-reading.ts';
import {header, whoAnswered} from '../responder.ts';
import {account, accountAdmin, edit, networkAdmin, ownPublicAddress, retest, you} from './actions.ts';
import {adminPage} from './checklist-pages.ts';
import {type Rows, upToSix} from './row.ts';
import {refusalSaying, signIn} from './sign-in-parts.ts';

const visibleAddress = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b/i;
/** The address under which the site sees this machine, where an answer tells it. */
function seenAs(seen: Seen): string | null {
  const answer = answerIn(seen);
  if (answer === null) return null;
  const told = [
    bodyText(answer),
    ...['x-client-ip', 'x-real-ip', 'x-forwarded-for', 'true-client-ip'].map(name => header(answer, name) ?? ''),
  ];
  for (const text of told) {
    const found = visibleAddress.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return null;
}

export const policies = {
  'ip-not-allowed': {
    ...signIn,
    // The address was refused, and the pair never judged.
    refusal: false,
    concerns: 'network',
    again: 'may-help',
    stopsAtUrl: true,
    remedies: ['proxy', 'retry'],
    bearerMayCure: false,
    title: (_facts, seen) => {
      const address = seenAs(seen);
      return `The site’s IP allowlist does not include this machine’s public address${address === null ? '' : ` (${address})`}`;
    },
    proof: 'Atlassian answered that “the IP address has been rejected because it is not on the allowed list”.',
    signal: seen => refusalSaying(seen, /IP address has been rejected|not on the (?:IP )?allow(?:ed )?list/i),
    checklist(facts, seen) {
      const address = seenAs(seen);
      return upToSix([
        address === null
          ? you(
              'Find the public address of this machine',
              'that is the one the site sees, not the one of its network card',
              {command: ownPublicAddress},
            )
          : null,
        accountAdmin(facts)(
          `Ask to add ${address ?? 'that address'} to the site’s IP allowlist`,
          isDataCenter(facts)
            ? 'it is set in front of Jira'
            : 'it is set in the organization’s administration; it may stand under Security',
          `Please add ${address ?? 'our server’s public address'} to the IP allowlist of the site, and the addresses of the platform that will use this credential.`,
          {url: adminPage(facts)},
        ),
        you(
          'Have the platform’s addresses added as well, where the credential is for one',
          'it tests and reads from its own addresses, not from this machine',
        ),
        networkAdmin(
          'Ask which public IP addresses this machine’s traffic comes from',
          'behind NAT or a pool they may change; all of them must be allowed',
          'Please tell us which public IP addresses our server’s traffic comes from.',
        ),
        you(
          'Or go out through a proxy or VPN whose address is allowed',
          'HTTPS_PROXY or --proxy http://HOST:PORT; then the site sees that address',
          {remedy: 'proxy'},
        ),
        you('Test again', 'the token was not judged and stays the same', {command: retest(facts), remedy: 'retry'}),
      ]);
    },
  },
  'api-access-blocked': {
    ...signIn,
    concerns: 'account',
    again: 'may-help',
    remedies: ['field:token'],
    bearerMayCure: false,
    certainty: 'likely',
    title: () => 'An organization admin’s policy blocks API tokens for this account',
    proof: 'Atlassian refused with words about an admin or a policy blocking API tokens.',
    signal(seen) {
      const lines = refusalSaying(
        seen,
        /(?:block|disabl|restrict|(?:not|n.t) allow|(?:not|n.t) permit|prohibit|den(?:y|ied))\w*[^.]{0,80}\bAPI[ -](?:token|access|key)|\bAPI[ -](?:token|access|key)s?[^.]{0,80}(?:block|disabl|restrict|(?:not|n.t) allow|(?:not|n.t) permit|prohibit|den(?:y|ied))|admin\w*[^.]{0,40}\bblocked\b/i,
      );
      const answer = answerIn(seen);
      return lines !== null &&
        answer !== null &&
        (whoAnswered(answer).party !== 'other' || refusedByAtlassian(answer, seen))
        ? lines
        : null;
    },
    checklist: facts =>
      upToSix([
        accountAdmin(facts)(
          `Ask to allow API tokens for ${account(facts)}`,
          'for external users and guests: Security → User security → External users; for others no such setting is documented',
          `Please allow API tokens for ${account(facts)} (for external users: Security → User security → External users).`,
          {url: adminPage(facts)},
        ),
        accountAdmin(facts)(
          'Or ask for a service account with a token',
          'it belongs to the organization itself: Directory → Service accounts',
          'Or please give us a service account with an API token for the app Jira (Directory → Service accounts).',
          {url: adminPage(facts)},
        ),
        you('Use an account that may have tokens', 'a policy often covers only some accounts', {
          command: edit(facts),
          remedy: 'field:token',
        }),
      ]),
  },
} as const satisfies Rows;
