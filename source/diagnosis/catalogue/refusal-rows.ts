/** Jira refuses the way in which the credential was sent, or this account for the time being, and says so. */
import {shellWord} from '../../domain/shell.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, bodyText, isCloud, isSignIn, seraphReasons} from '../evidence-reading.ts';
import {header} from '../responder.ts';
import {account, edit, jiraAdmin, networkAdmin, onDataCenter, retest, rotate, you} from './actions.ts';
import {accountsPage, page, patPage} from './checklist-pages.ts';
import {mostLikelyFirst} from './likelihood.ts';
import {type Rows, upToSix} from './row.ts';
import {refusalSaying, rejection, signIn} from './sign-in-parts.ts';

const deniedReason = (answer: Answer): string => header(answer, 'x-authentication-denied-reason') ?? '';

/** Where to solve the CAPTCHA: Jira's own hint if it stays on the same site, else the usual page. */
function captchaPage(facts: Facts, seen: Seen): string | null {
  const answer = answerIn(seen);
  const hint = answer === null ? null : (/login-url=([^\s;,]+)/i.exec(deniedReason(answer))?.[1] ?? null);
  const same =
    hint !== null &&
    URL.canParse(hint) &&
    URL.canParse(facts.url) &&
    new URL(hint).origin === new URL(facts.url).origin;
  return same ? hint : facts.url === '' ? null : `${facts.url}/login.jsp`;
}

/** curl asks for the token when it is given the name alone. */
const curlMyself = (facts: Facts): string =>
  `curl -s --max-time 10 -u ${shellWord(facts.username)} ${shellWord(`${facts.url}/rest/api/2/myself`)} | head -c 4000 | cat -v`;

export const refusals = {
  'captcha-required': {
    ...signIn,
    concerns: 'account',
    again: 'harmful',
    remedies: ['retry', 'field:token'],
    bearerMayCure: true,
    title: () => 'After failed logins, Jira wants this account to solve a CAPTCHA in a browser first',
    proof:
      'Jira refused with “X-Authentication-Denied-Reason: CAPTCHA_CHALLENGE” or X-Seraph-LoginReason AUTHENTICATION_DENIED. The token itself was not judged; it is not tried again.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || !isSignIn(answer)) return null;
      // The words of the page are never translated, and stay where a reverse proxy takes the headers away.
      const denied =
        /CAPTCHA_CHALLENGE/i.test(deniedReason(answer)) ||
        seraphReasons(answer).includes('AUTHENTICATION_DENIED') ||
        /\bAUTHENTICATION_DENIED\b|\bCAPTCHA_CHALLENGE\b/.test(bodyText(answer));
      return denied ? answerLines(answer) : null;
    },
    checklist: (facts, seen) =>
      mostLikelyFirst([
        [
          'usual',
          you(
            'Stop every program that still uses an old password or token of this account',
            'each failed try raises the counter again, and until it is cleared the right password is refused as well',
          ),
        ],
        [
          'usual',
          you(`Log in to Jira in a browser as ${account(facts)} and solve the CAPTCHA`, 'one good login clears it', {
            url: captchaPage(facts, seen),
          }),
        ],
        // Neither the counter nor its reset button is known of Cloud.
        isCloud(facts)
          ? null
          : [
              'usual',
              jiraAdmin(
                'Or ask to reset the failed logins of this account',
                'User management → the account → Reset failed login count',
                `Please reset the failed logins of ${account(facts)} (User management → the account → Reset failed login count).`,
                {url: accountsPage(facts)},
              ),
            ],
        isCloud(facts)
          ? null
          : [
              'usual',
              you('Use a personal access token', 'it is exempt from the CAPTCHA', {
                command: rotate(facts),
                remedy: 'field:token',
                url: patPage(facts),
              }),
            ],
        ['usual', you('Then test once', 'not in a loop', {command: retest(facts), remedy: 'retry'})],
      ]),
    example: onDataCenter,
  },
  'basic-auth-disabled': {
    ...signIn,
    concerns: 'credential',
    again: 'may-help',
    remedies: ['field:token', 'retry'],
    bearerMayCure: true,
    title: () => 'This Jira has Basic authentication turned off; it takes a personal access token',
    proof:
      'Jira answered 403 “Basic Authentication has been disabled”, as Jira 11 does by default. Username and password were not judged.',
    signal: seen => refusalSaying(seen, /Basic auth\w* (?:has been|is) (?:disabled|turned off|switched off)/i),
    checklist: facts =>
      upToSix([
        you('Create a personal access token and put it in', 'it is sent as Bearer, which stays allowed', {
          command: rotate(facts),
          remedy: 'field:token',
          url: patPage(facts),
        }),
        jiraAdmin(
          'Or ask to allow Basic authentication for API calls',
          'Administration → System → Authentication methods, by a system administrator; off by default from Jira 11 on',
          'If we cannot use a personal access token: please allow Basic authentication for API calls.',
          {url: page(facts, '/plugins/servlet/authentication-config')},
        ),
        you('Test again', 'nothing else has to change', {command: retest(facts), remedy: 'retry'}),
      ]),
    example: onDataCenter,
  },
  'bearer-on-cloud': {
    ...signIn,
    concerns: 'credential',
    again: 'may-help',
    remedies: ['field:token', 'field:url'],
    bearerMayCure: false,
    title: () =>
      'The token was sent as Bearer, which Jira Cloud takes for an app’s session; it wants e-mail and token (Basic)',
    proof:
      'Jira Cloud answered 403 “Failed to parse Connect Session Auth Token”, as it does to a token sent as Bearer. The token was not judged.',
    signal: seen => refusalSaying(seen, /Failed to parse Connect Session Auth Token/i),
    checklist: facts =>
      upToSix([
        you(
          'Enter the site’s own address and the e-mail, so that the credential is sent as Basic',
          'a saved credential for Data Center is sent as Bearer',
          {command: edit(facts), remedy: 'field:url'},
        ),
        networkAdmin(
          'Ask whether a proxy or gateway on the way rewrites the Authorization header',
          facts.scheme === 'basic' ? 'it left here as Basic' : 'some add a header of their own',
          'Please check whether a proxy or gateway on the way rewrites the Authorization header of our requests.',
        ),
        you(
          'In your own scripts use e-mail and token together',
          'curl asks for the token, so it stays out of the history',
          {command: curlMyself(facts)},
        ),
      ]),
    example: facts => ({...facts, scheme: 'bearer'}),
  },
  'pat-needs-bearer': {
    ...signIn,
    concerns: 'credential',
    again: 'harmful',
    remedies: ['field:token', 'field:username', 'retry'],
    bearerMayCure: true,
    kind: 'either',
    certainty: 'likely',
    title: () => 'A personal access token must be sent as Bearer, not with a username (Basic)',
    proof:
      'A Data Center answered 401 to Basic, and the token has the form of a personal access token. It is tried again as Bearer; if that passes, the credential is kept so.',
    signal(seen, facts) {
      const answer = rejection(seen);
      const tried = seen.some(each => each.kind === 'answer' && each.purpose === 'sign-in-bearer');
      const fits =
        facts.deployment === 'data-center' && facts.tokenKind === 'data-center-pat' && facts.scheme === 'basic';
      return answer !== null && fits && !tried && answer.purpose === 'sign-in' ? answerLines(answer) : null;
    },
    checklist: facts =>
      upToSix([
        you('Test again: jirakey tries such a token as Bearer and keeps what works', 'the username is then not sent', {
          command: retest(facts),
          remedy: 'retry',
        }),
        you(
          'In other programs choose “Bearer” or “personal access token”',
          'a form that knows only username and password will refuse it',
        ),
        you('See whether the token is still listed and valid', 'an expired one is refused either way', {
          url: patPage(facts),
        }),
        jiraAdmin(
          'If the form knows only username and password, ask to allow Basic authentication',
          'Administration → System → Authentication methods, by a system administrator',
          'If our program can only use a username and password: please allow Basic authentication for API calls.',
        ),
      ]),
    example: facts => ({...onDataCenter(facts), tokenKind: 'data-center-pat'}),
  },
} as const satisfies Rows;
