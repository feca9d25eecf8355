/** Faults of the sign-in: token, account name, and what an admin allows. */
import type {Reply, Rule, Scenario} from '../play.ts';

const json = 'application/json;charset=UTF-8';
const html = 'text/html;charset=UTF-8';

/** `/myself`, asked with a credential, answers like this. */
const signIn = (
  marks: Rule['marks'],
  status: number,
  headers: Reply['headers'],
  body: NonNullable<Reply['body']>,
): readonly Rule[] => [
  {at: ['myself'], signed: true, marks, reply: {status, headers: {'Content-Type': json, ...headers}, body}},
];

/** Whatever is asked with a credential answers like this. */
const everySigned = (
  marks: Rule['marks'],
  status: number,
  headers: Reply['headers'],
  body: NonNullable<Reply['body']>,
): readonly Rule[] => [
  {at: 'anything', signed: true, marks, reply: {status, headers: {'Content-Type': json, ...headers}, body}},
];

export const signInScenarios = [
  {
    code: 'credentials-rejected',
    story: 'Somebody revoked the token; Jira only says that this pair of e-mail and token is no good.',
    deployment: 'cloud',
    play: {token: 'nowhere'},
  },
  {
    code: 'token-expired',
    story: 'The token’s last day was a month ago, and Jira no longer takes it.',
    deployment: 'cloud',
    play: {token: 'nowhere', expiresInDays: -30},
  },
  {
    code: 'token-expires',
    story: 'The remembered last day has passed, yet Jira still takes the token: the date was written down wrong.',
    deployment: 'cloud',
    play: {expiresInDays: -2},
  },
  {
    code: 'token-needs-gateway',
    story: 'The token has scopes: the site refuses it, Atlassian’s gateway takes it.',
    deployment: 'cloud',
    play: {token: 'gateway'},
  },
  {
    code: 'token-scope-missing',
    story: 'The token has scopes, and none of them lets it read who its owner is.',
    deployment: 'cloud',
    play: {token: 'no-scope'},
  },
  {
    code: 'password-used',
    story: 'Somebody typed the password of the account where the API token belongs.',
    deployment: 'cloud',
    play: {
      secret: 'password',
      answers: everySigned(
        'jira',
        401,
        {'Content-Type': html},
        'Basic authentication with passwords is deprecated. For more information, see: https://developer.atlassian.com/cloud/jira/platform/deprecation-notice-basic-auth/',
      ),
    },
  },
  {
    code: 'captcha-required',
    story: 'After too many wrong passwords Jira wants to see a human solve a CAPTCHA.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everySigned(
        'jira',
        403,
        {
          'Content-Type': html,
          'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED',
          'X-Authentication-Denied-Reason': 'CAPTCHA_CHALLENGE; login-url={url}/login.jsp',
        },
        '<html><head><title>Forbidden (403)</title></head><body><h1>Forbidden (403)</h1><p>Encountered a &quot;403 - Forbidden&quot; error while loading this page.</p><p>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</p></body></html>',
      ),
    },
  },
  {
    code: 'basic-auth-disabled',
    story: 'An admin switched off Basic authentication, as Jira 11 does by itself.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everySigned('jira', 403, {}, {message: 'Basic Authentication has been disabled on this instance.'}),
    },
  },
  {
    code: 'bearer-on-cloud',
    story: 'Something on the way turns the sign-in into a Bearer token, which Jira Cloud takes for an app’s session.',
    deployment: 'cloud',
    play: {answers: everySigned('jira', 403, {}, {error: 'Failed to parse Connect Session Auth Token'})},
  },
  {
    code: 'pat-needs-bearer',
    story: 'A personal access token of Data Center is refused as a password and taken as Bearer.',
    deployment: 'data-center',
    play: {token: 'bearer'},
  },
  {
    code: 'ip-not-allowed',
    story: 'The organisation lets in only addresses on its allowlist, and this server’s is not on it.',
    deployment: 'cloud',
    play: {
      answers: everySigned(
        'jira',
        403,
        {},
        {
          errorMessages: [
            'The IP address has been rejected because it is not on the allowed list. See your admin for more information.',
          ],
          errors: {},
        },
      ),
    },
  },
  {
    code: 'api-access-blocked',
    story: 'A policy of the organisation forbids API tokens to this account.',
    deployment: 'cloud',
    play: {
      answers: everySigned(
        'jira',
        403,
        {},
        {errorMessages: ['Your admin has blocked API token access for your account.'], errors: {}},
      ),
    },
  },
  {
    code: 'signed-in-as-nobody',
    story: 'A reverse proxy drops the Authorization header, and Jira answers as it answers anybody.',
    deployment: 'data-center',
    play: {secret: 'password', answers: signIn('jira', 200, {'X-Seraph-LoginReason': 'OUT'}, {})},
  },
  {
    code: 'sign-in-unclear',
    story: 'Atlassian’s edge refuses the request and gives no reason.',
    deployment: 'cloud',
    play: {answers: signIn('edge', 403, {'Content-Type': 'text/plain'}, 'Forbidden')},
  },
] as const satisfies readonly Scenario[];
