/** The account itself: deactivated, another one, or without Jira. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import type {Answer, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  bodyText,
  isDataCenter,
  isSignIn,
  namesAccount,
  seraphReasons,
} from '../evidence-reading.ts';
import {json, property, whoAnswered} from '../responder.ts';
import {account, accountAdmin, edit, newToken, retest, you} from './actions.ts';
import {accountsPage, page, tokensPage} from './checklist-pages.ts';
import {detailOf} from './detail.ts';
import {mostLikelyFirst} from './likelihood.ts';
import {type Rows, upToSix} from './row.ts';

const signedIn = (seen: Seen): Answer | null => {
  const answer = answerIn(seen);
  return answer !== null && isSignIn(answer) ? answer : null;
};

/**
 * Whether the body of `/myself` says that the account has no role in any application. Without `expand` Jira sends
 * `{"size":1,"items":[]}`: the items are left out and only `size` counts them.
 */
export function withoutRole(answer: Answer): boolean {
  const roles = property(json(answer), 'applicationRoles');
  const size = property(roles, 'size');
  if (size !== undefined) return size === 0;
  const items = property(roles, 'items');
  return Array.isArray(items) && items.length === 0;
}

/** Customers of Jira Service Management's portal have an account, and no Jira. */
export const isCustomer = (answer: Answer): boolean => property(json(answer), 'accountType') === 'customer';

export const accounts = {
  'account-inactive': {
    concerns: 'account',
    again: 'may-help',
    remedies: ['field:token', 'field:username'],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['account'],
    exit: exit.rejected,
    kind: 'failure',
    certainty: 'proven',
    refusal: true,
    title: facts => `The account of ${account(facts)} is deactivated`,
    proof: 'Jira named the account and said that it is not active.',
    signal(seen) {
      const answer = signedIn(seen);
      const inactive = answer !== null && answer.status === 200 && property(json(answer), 'active') === false;
      return inactive ? [...answerLines(answer), clean('The account in the body has “active”: false')] : null;
    },
    checklist: facts =>
      upToSix([
        accountAdmin(facts)(
          `Ask to activate the account of ${account(facts)}`,
          isDataCenter(facts)
            ? 'User management → the account → Edit → Active'
            : 'Directory → Users → the account; its tokens work again with it',
          `Please activate the account of ${account(facts)}: Jira says that it is deactivated.`,
          {url: accountsPage(facts)},
        ),
        accountAdmin(facts)(
          isDataCenter(facts) ? 'Or ask for an account for integrations' : 'Or ask for a service account',
          'it does not leave with a person; a token belongs to the account that made it',
          isDataCenter(facts)
            ? 'Or please give us an account for integrations, so that its tokens do not leave with a person.'
            : 'Or please give us a service account (Directory → Service accounts), so that its tokens do not leave with a person.',
          {url: isDataCenter(facts) ? null : accountsPage(facts)},
        ),
        you('Put the token of an active account in', 'username and token change together', {
          command: edit(facts),
          remedy: 'field:username',
        }),
      ]),
  },
  'account-differs': {
    concerns: 'account',
    again: 'useless',
    remedies: ['field:username', 'field:token'],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['account'],
    exit: exit.done,
    kind: 'warning',
    certainty: 'proven',
    refusal: false,
    title(facts) {
      const email = detailOf(facts, 'account-differs')?.email ?? null;
      return email === null
        ? `Jira names another e-mail for this account than ${account(facts)}`
        : `Jira names ${email} as this account’s e-mail, not ${account(facts)}`;
    },
    proof: 'The sign-in worked, and the e-mail in Jira’s answer is not the one that was typed.',
    checklist: facts =>
      upToSix([
        you('See which account made the token', 'the e-mail may have changed, or the token is a colleague’s', {
          url: isDataCenter(facts) ? page(facts, '/secure/ViewProfile.jspa') : tokensPage(facts),
        }),
        you(
          `If it is the right account, enter ${detailOf(facts, 'account-differs')?.email ?? 'the e-mail Jira names'} as the Username`,
          'the old address may stop working one day',
          {command: edit(facts), remedy: 'field:username'},
        ),
        newToken(facts, 'if it is the wrong account: log in with the right one first'),
      ]),
    example: facts => ({...facts, detail: {code: 'account-differs', email: clean('new.name@acme.com')}}),
  },
  'no-jira-access': {
    concerns: 'account',
    again: 'may-help',
    remedies: ['field:username', 'retry'],
    stopsAtUrl: false,
    bearerMayCure: false,
    steps: ['account'],
    exit: exit.rejected,
    kind: 'failure',
    certainty: 'likely',
    refusal: true,
    title: (facts, seen) => {
      const answer = signedIn(seen);
      return answer !== null && isCustomer(answer)
        ? `${account(facts)} is a customer of the help portal on ${facts.host}, not a Jira user`
        : `The account of ${account(facts)} is known, but has no access to Jira on ${facts.host}`;
    },
    proof:
      'Jira itself answered 403 to “who am I?” without another known reason, or the account has no role in any Jira application.',
    signal(seen) {
      const answer = signedIn(seen);
      if (answer === null) return null;
      if (answer.status === 200 && isCustomer(answer))
        return [...answerLines(answer), clean('accountType: customer, an account of the customer portal')];
      if (answer.status === 200) {
        return withoutRole(answer) ? [...answerLines(answer), clean('The account has no application role')] : null;
      }
      if (answer.status !== 403 && answer.status !== 401) return null;
      // Without a name nobody was recognised: a page that refuses Basic as such looks the same.
      const said = /current user not permitted to use/i.test(bodyText(answer)) && whoAnswered(answer).party !== 'other';
      const named = whoAnswered(answer).party !== 'other' && namesAccount(answer);
      const unauthorised = seraphReasons(answer).includes('AUTHORISATION_FAILED');
      return said || unauthorised || (answer.status === 403 && named) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const answer = signedIn(seen);
      const customer = answer !== null && isCustomer(answer);
      return mostLikelyFirst([
        [
          customer ? 'seldom' : 'usual',
          accountAdmin(facts)(
            `Ask to give ${account(facts)} access to Jira`,
            isDataCenter(facts)
              ? 'a group of Applications → Application access'
              : 'Directory → Users → the account → add the app Jira (earlier: product)',
            customer
              ? `Please give ${account(facts)} access to the app Jira: it is only a customer of the help portal.`
              : `Please give ${account(facts)} access to Jira.`,
            {url: accountsPage(facts)},
          ),
        ],
        customer
          ? [
              'shown',
              you('Use the account of a Jira user', 'customers of the help portal cannot read projects and issues', {
                command: edit(facts),
                remedy: 'field:username',
              }),
            ]
          : null,
        [
          'usual',
          you('Log in to Jira in a browser with the same account', 'a page that says you have no access confirms it', {
            url: facts.url === '' ? null : facts.url,
          }),
        ],
        [
          'usual',
          accountAdmin(facts)(
            'Ask whether a licence is free',
            'a full licence keeps new accounts out',
            'Please check whether a Jira licence is free: a full one keeps new accounts out.',
          ),
        ],
        customer
          ? null
          : [
              'usual',
              you('Or use an account that has Jira', 'username and token change together', {
                command: edit(facts),
                remedy: 'field:username',
              }),
            ],
        ['usual', you('Test again', 'new access may need a minute', {command: retest(facts), remedy: 'retry'})],
      ]);
    },
  },
} as const satisfies Rows;
