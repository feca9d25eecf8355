/** Jira refuses the sign-in and says why, or lets in nobody; and refusals of which no side can be named. */
import type {Clean} from '../../domain/clean.ts';
import {clean} from '../../domain/clean.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  bodyText,
  isCloud,
  isDataCenter,
  isFeed,
  isSignIn,
  nobodyTried,
  refusedByAtlassian,
  seraphReasons,
  traceOf,
} from '../evidence-reading.ts';
import {accountIn, header, isJira, json, siblingOf, whoAnswered} from '../responder.ts';
import {
  account,
  accountAdmin,
  adminPage,
  curl,
  edit,
  endpoint,
  jiraAdmin,
  networkAdmin,
  newToken,
  onDataCenter,
  patPage,
  retest,
  rotate,
  say,
  supportPage,
  tokensPage,
  usersPage,
  you,
} from './actions.ts';
import {type Rows, upToSix} from './row.ts';
import {checkEmail, checkExpiry, rejection, signIn} from './sign-in-parts.ts';

/** A refusal to sign in, told by words Jira sends, from an answer that is not a stranger's page. */
function refusalSaying(seen: Seen, words: RegExp): readonly Clean[] | null {
  const answer = answerIn(seen);
  if (answer === null || (answer.status !== 401 && answer.status !== 403)) return null;
  const stranger = whoAnswered(answer).party === 'other' && answer.body.type === 'html';
  return !stranger && words.test(bodyText(answer)) ? answerLines(answer) : null;
}

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

export const refusals = {
  'captcha-required': {
    ...signIn,
    concerns: 'account',
    again: 'harmful',
    remedies: ['retry', 'field:token'],
    bearerMayCure: true,
    title: () => 'After failed logins Jira wants this account to solve a CAPTCHA in a browser first',
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
      upToSix([
        you(
          'Stop every program that still uses an old password or token of this account',
          'each failed try raises the counter again',
        ),
        you(`Log in to Jira in a browser as ${account(facts)}, solving the CAPTCHA`, 'one good login clears it', {
          url: captchaPage(facts, seen),
        }),
        accountAdmin(facts)(
          'Or ask to reset the failed logins of this account',
          'User management → the account → Reset failed login count',
          `Please reset the failed logins of ${account(facts)}.`,
          {
            url: isCloud(facts) ? adminPage : usersPage(facts),
          },
        ),
        isCloud(facts)
          ? null
          : you('Use a personal access token', 'it is exempt from the CAPTCHA', {
              command: rotate(facts),
              remedy: 'field:token',
              url: patPage(facts),
            }),
        you('Then test once', 'not in a loop', {command: retest(facts), remedy: 'retry'}),
      ]),
    example: onDataCenter,
  },
  'basic-auth-disabled': {
    ...signIn,
    concerns: 'credential',
    again: 'may-help',
    remedies: ['field:token', 'retry'],
    bearerMayCure: true,
    title: () => 'This Jira has Basic authentication switched off; it wants a personal access token',
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
          'Administration → System → Authentication methods; off by default from Jira 11 on',
          'Please allow Basic authentication for API calls, if we cannot use a personal access token.',
          {
            url: facts.url === '' ? null : `${facts.url}/plugins/servlet/authentication-config`,
          },
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
      'Jira Cloud answered 403 “Failed to parse Connect Session Auth Token”, as it does to any Bearer header. The token was not judged.',
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
          {
            command: curlMyself(facts),
          },
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
          'Ask for a way that takes username and password, if the form knows no other',
          'Basic must be allowed in Authentication methods',
          'If our program can only use a username and password, please allow Basic authentication.',
        ),
      ]),
    example: facts => ({...onDataCenter(facts), tokenKind: 'data-center-pat'}),
  },
  'ip-not-allowed': {
    ...signIn,
    // The address was refused, and the pair never judged.
    refusal: false,
    concerns: 'network',
    again: 'may-help',
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
              {command: 'curl -s --max-time 10 https://checkip.amazonaws.com'},
            )
          : null,
        accountAdmin(facts)(
          `Ask to add ${address ?? 'that address'} to the IP allowlist`,
          'Security → IP allowlists',
          `Please add ${address ?? 'our server’s public address'} to the IP allowlist of the site.`,
          {
            url: isCloud(facts) ? adminPage : null,
          },
        ),
        networkAdmin(
          'Ask which fixed address this machine leaves from',
          'behind NAT or a pool it may change; all of them must be allowed',
          'Please tell us which public IP addresses our server’s traffic comes from.',
        ),
        you(
          'Or go out through a proxy (HTTPS_PROXY, --proxy) or VPN whose address is allowed',
          'then the site sees that address',
        ),
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
    title: () => 'An admin’s policy blocks API tokens for this account',
    proof: 'Atlassian refused with words about an admin or a policy blocking API tokens.',
    signal(seen) {
      const lines = refusalSaying(
        seen,
        /(?:block|disabl|restrict|not allow|not permit|prohibit|den(?:y|ied))\w*[^.]{0,80}\bAPI[ -](?:token|access|key)|\bAPI[ -](?:token|access|key)s?[^.]{0,80}(?:block|disabl|restrict|not allow|not permit|prohibit|den(?:y|ied))|admin\w*[^.]{0,40}\bblocked\b/i,
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
          'Security → User security: authentication policies for managed users, external users for guests',
          `Please allow API tokens for ${account(facts)}.`,
          {url: adminPage},
        ),
        accountAdmin(facts)(
          'Or ask for a service account with a token',
          'service accounts have tokens of their own: Directory → Service accounts',
          'Or please give us a service account with an API token.',
          {url: adminPage},
        ),
        you('Use an account that may have tokens', 'a policy often covers only some accounts', {
          command: edit(facts),
          remedy: 'field:token',
        }),
      ]),
  },
  'signed-in-as-nobody': {
    ...signIn,
    concerns: 'credential',
    again: 'may-help',
    remedies: ['field:token', 'field:username'],
    bearerMayCure: false,
    title: () => 'Jira answered 200, but as to nobody: it did not take the credential as a login',
    proof:
      'A 200 without an account: no account in the body, X-AUSERNAME anonymous, or X-Seraph-LoginReason AUTHENTICATED_FAILED or OUT without OK.',
    signal: nobody,
    checklist: facts =>
      upToSix([
        networkAdmin(
          'Ask whether a proxy or gateway in front of Jira drops the Authorization header',
          'then Jira sees an anonymous visitor, whatever the token',
          'Please check whether a proxy or gateway in front of Jira drops the Authorization header.',
        ),
        isDataCenter(facts)
          ? you('See whether the token is still listed and valid', 'Jira treats a revoked one as no login at all', {
              url: patPage(facts),
            })
          : checkExpiry(facts),
        isDataCenter(facts)
          ? you(`Check the Username ${facts.username}`, 'Data Center wants the login name, not the e-mail', {
              command: edit(facts),
              remedy: 'field:username',
            })
          : checkEmail(facts),
        newToken(facts, !isDataCenter(facts), 'a fresh token rules the old one out'),
        jiraAdmin(
          'Ask whether the login shows in Jira’s security log',
          'atlassian-jira-security.log names each failed try and why',
          `Please look for our sign-in as ${account(facts)} in Jira’s security log (atlassian-jira-security.log).`,
        ),
      ]),
  },
  'sign-in-unclear': {
    ...signIn,
    concerns: 'unclear',
    again: 'may-help',
    remedies: ['field:token', 'field:username', 'field:url'],
    bearerMayCure: true,
    certainty: 'possible',
    refusal: false,
    title(facts, seen) {
      const answer = answerIn(seen);
      const status = answer === null ? 'an error' : `HTTP ${answer.status}`;
      return `The sign-in at ${facts.host} ended with ${status}, and the answer does not say whether Jira or something in front of it refused`;
    },
    proof:
      'A 401 or 403 that has neither Jira’s own marks with a known reason nor the look of a block page. Both sides stay possible; none is blamed.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || (answer.status !== 401 && answer.status !== 403) || isFeed(answer.purpose)) return null;
      return answerLines(answer);
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const trace = answer === null ? null : traceOf(answer);
      const basicRefused = answer?.status === 403 && isJira(answer) && facts.scheme === 'basic' && !isCloud(facts);
      return upToSix([
        answer !== null && nobodyTried(answer)
          ? networkAdmin(
              'Ask whether a proxy or gateway in front of Jira drops the Authorization header',
              'Jira says that nobody tried to sign in, so the header did not arrive',
              'Please check whether a proxy or gateway in front of Jira drops the Authorization header: Jira says that nobody tried to sign in.',
            )
          : null,
        basicRefused
          ? you(
              'Use a personal access token: this Jira may take only personal access tokens',
              'it refused the username and password without naming a reason or an account',
              {command: rotate(facts), url: patPage(facts)},
            )
          : null,
        networkAdmin(
          `Ask whether a proxy, login gate or web firewall in front of ${facts.host} refused the request`,
          'one side: something before Jira says no',
          `Please check whether a proxy, login gate or web firewall in front of ${facts.host} refused our request.`,
        ),
        you(
          'Log in to Jira in a browser with the same account',
          'the other side: Jira refuses the account; its page says why',
          {url: facts.url},
        ),
        you('See what is answered without a credential', 'the same refusal means the credential plays no part', {
          command: curl(endpoint(facts)),
        }),
        jiraAdmin(
          trace === null
            ? 'Ask what Jira’s log says about this time'
            : `Ask what the log says about the request ${say(trace, 60)}`,
          'if nothing is there, the request never reached Jira',
          trace === null
            ? 'Please look into Jira’s log at this time; if nothing is there, our request never reached Jira.'
            : `Please look for the request ${say(trace, 60)} in the log; if it is not there, our request never reached Jira.`,
          {
            url: isCloud(facts) ? supportPage : null,
          },
        ),
        you('If all else is ruled out, check username and token', 'the answer does not speak against them', {
          command: edit(facts),
          remedy: 'field:token',
          url: isDataCenter(facts) ? patPage(facts) : tokensPage,
        }),
      ]);
    },
  },
} as const satisfies Rows;

/** curl asks for the token when it is given the name alone. */
const curlMyself = (facts: Facts): string =>
  `curl -s --max-time 10 -u ${shellWord(facts.username)} ${shellWord(`${facts.url}/rest/api/2/myself`)} | head -c 4000 | cat -v`;

/** The trap of a success without an account. */
/**
 * Whether a 200 without a page is Jira's word. Where a proxy took Jira's own mark away and left Atlassian's, only JSON
 * counts: the edge writes pages and texts of its own.
 */
function speaksForJira(answer: Answer): boolean {
  const {type} = answer.body;
  if (isJira(answer)) return type !== 'html' && type !== 'text';
  const {party} = whoAnswered(answer);
  return type === 'json' && siblingOf(answer) === null && (party === 'atlassian-edge' || party === 'gateway');
}

function nobody(seen: Seen): readonly Clean[] | null {
  const answer = answerIn(seen);
  if (answer === null || answer.status !== 200 || !isSignIn(answer)) return null;
  const reasons = seraphReasons(answer);
  const out =
    !reasons.includes('OK') &&
    reasons.some(each => each === 'OUT' || each.endsWith('_FAILED') || each.endsWith('_DENIED'));
  const anonymous = (header(answer, 'x-ausername') ?? '').trim().toLowerCase() === 'anonymous';
  const empty = speaksForJira(answer) && !accountIn(json(answer));
  return out || anonymous || empty
    ? [...answerLines(answer), ...(empty ? [clean('The body names no account')] : [])]
    : null;
}
