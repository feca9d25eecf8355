/** Failures of the site: is there a Jira, is it well, and is it Jira at all that answers? */
import {clean} from '../../domain/clean.ts';
import {isAtlassianHost} from '../../domain/clouds.ts';
import {exit} from '../../domain/exit.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {
  answerIn,
  answerLines,
  answersFor,
  isCloud,
  isDataCenter,
  isFeed,
  linesOf,
  retryAfter,
  subjectOf,
  traceOf,
  troubleIn,
  troubleLines,
} from '../evidence-reading.ts';
import {frontOf, header, json, nameless, property, whoAnswered} from '../responder.ts';
import {
  account,
  accountAdmin,
  brokenAt,
  curl,
  edit,
  endpoint,
  jiraAdmin,
  networkAdmin,
  readAnswer,
  retest,
  say,
  you,
} from './actions.ts';
import {adminPage, homePage, rangesPage, statusPage, supportPage} from './checklist-pages.ts';
import {type Rows, upToSix} from './row.ts';

const site = {
  steps: ['site'],
  exit: exit.site,
  kind: 'failure',
  certainty: 'proven',
  refusal: false,
  bearerMayCure: false,
} as const;

/** The state `/status` of a Data Center names when it is not running. */
function stateIn(seen: Seen): string | null {
  const answer = answersFor(seen, 'status').at(-1);
  const state = answer === undefined ? undefined : property(json(answer), 'state');
  return typeof state === 'string' && /^[A-Z_]{3,30}$/i.test(state) && state.toUpperCase() !== 'RUNNING'
    ? state.toUpperCase()
    : null;
}

const missing = (answer: Answer): boolean => /^\s*true\b/i.test(header(answer, 'atl-missing-tcs') ?? '');
/** The edge's own 404, as it says it of a name without a site, where something took its header away. */
const saysMissing = (answer: Answer): boolean =>
  answer.status === 404 &&
  whoAnswered(answer).party === 'atlassian-edge' &&
  (property(json(answer), 'errorCode') !== undefined ||
    (answer.body.type === 'html' && /^Atlassian Cloud Notifications\b/i.test(answer.body.title)));
const unknownCloud = (answer: Answer): boolean =>
  answer.status === 404 && /FAILURE_CLIENT_TCS\b/i.test(header(answer, 'x-failure-category') ?? '');

const watch = (facts: Facts, why = 'tries again by itself until it passes') =>
  you('Test until it is back', why, {command: retest(facts, '--watch'), remedy: 'wait'});
const who = (seen: Seen): string => {
  const answer = answerIn(seen);
  return answer === null ? 'the web server in front of it' : whoAnswered(answer).name;
};
const saveAnswer = (facts: Facts) =>
  you('See the same without a credential', 'worth attaching to a ticket', {command: curl(endpoint(facts))});
const quoteTrace = (seen: Seen): string => {
  const answer = answerIn(seen);
  const trace = answer === null ? null : traceOf(answer);
  return trace === null ? '' : ` and give the trace id ${say(trace, 60)}`;
};

/** On Data Center each account has a budget of its own. */
const limitedByAccount = (facts: Facts) => [
  you(
    'Find what else uses this account, and slow it down',
    'its budget is shared: parallel jobs and scripts spend it together',
  ),
  you('Give this integration an account of its own', 'Data Center counts requests by account'),
  jiraAdmin(
    'Ask for a higher limit or an exemption for this account',
    'Administration → System → Rate limiting',
    `Please raise the rate limit for ${account(facts)}, or exempt it (Administration → System → Rate limiting).`,
  ),
];

/** What RateLimit-Reason names on Cloud, where another account would change nothing (Atlassian, “Rate limiting”, 2026-10). */
function limitedOnCloud(answer: Answer | null) {
  const reason = answer === null ? '' : (header(answer, 'ratelimit-reason') ?? '').toLowerCase();
  if (reason.startsWith('jira-per-issue'))
    return you('Spread out writes to the same issue', 'this limit is counted per issue, whoever writes');
  if (reason.startsWith('jira-quota'))
    return you(
      'Find which app or integration uses up its hourly quota',
      'quotas are counted per app; API tokens have none, so something else is named here',
    );
  return you(
    'Find what else asks this site for the same data, and slow it down',
    'bursts are counted per site, endpoint and method; another account changes nothing',
  );
}

export const availability = {
  'site-not-found': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['field:url'],
    stopsAtUrl: true,
    title(facts, seen) {
      const answer = answerIn(seen);
      if (answer !== null && !missing(answer) && unknownCloud(answer))
        return 'Atlassian’s gateway knows no Jira site with the saved cloudId';
      return `There is no Jira site named ${facts.host}`;
    },
    certaintyNote: 'likely where Atlassian’s page came without that header',
    certaintyOf(_facts, seen) {
      const answer = answerIn(seen);
      return answer !== null && !missing(answer) && saysMissing(answer) ? 'likely' : 'proven';
    },
    proof:
      'Atlassian answered 404 with “Atl-Missing-Tcs: true”: no site has that name, or Jira is no longer on it. Its page says “temporarily unavailable”, which misleads.',
    signal(seen) {
      const answer = answerIn(seen);
      return answer !== null &&
        answer.status === 404 &&
        (missing(answer) || saysMissing(answer) || unknownCloud(answer))
        ? answerLines(answer)
        : null;
    },
    checklist: facts =>
      upToSix([
        you(
          `Check the spelling of ${facts.host}`,
          'DNS and TLS work for any name there, so a typing error shows only here',
          {command: edit(facts), remedy: 'field:url'},
        ),
        you('Look up the names of your sites in a browser', 'this page may list those your account can open', {
          url: homePage(facts),
        }),
        accountAdmin(facts)(
          'Ask whether the site was renamed or Jira was removed from it',
          'the organization’s page lists its sites and their apps',
          `Please check whether the site ${facts.host} was renamed, or whether Jira was removed from it.`,
          {url: adminPage(facts)},
        ),
        accountAdmin(facts)(
          'If it is a Free site, ask whether Atlassian deactivated it',
          'it may do so after some months without use; an admin may be able to bring it back',
          `If ${facts.host} is a Free site, please check whether Atlassian deactivated it.`,
          {url: adminPage(facts)},
        ),
      ]),
  },
  'site-unavailable': {
    ...site,
    concerns: 'site',
    again: 'may-help',
    remedies: ['wait'],
    stopsAtUrl: false,
    title(facts, seen) {
      const state = stateIn(seen);
      if (state !== null) return `Jira at ${facts.host} is not running: it says ${state}`;
      const answer = answerIn(seen);
      const front = answer === null || whoAnswered(answer).party !== 'other' ? null : frontOf(answer);
      if (front !== null && answer !== null)
        return `${front} in front of ${facts.host} gets no answer from the server behind it (${answer.status}); this says nothing about the token`;
      return `Jira at ${facts.host} is unavailable right now${answer === null ? '' : ` (${answer.status})`}; this says nothing about the token`;
    },
    proof:
      'The answer was 502, 503 or 504, a maintenance page, or Data Center’s /status named a state other than RUNNING.',
    signal(seen) {
      const answer = answerIn(seen);
      const state = stateIn(seen);
      if (state !== null && answer !== null && !(answer.status === 200 && answer.step !== 'site')) {
        return [...answerLines(answer), clean(`/status says ${state}`)];
      }
      // A front such as Cloudflare has statuses of its own (520–530) for an origin it cannot reach.
      const down =
        answer !== null &&
        ([502, 503, 504].includes(answer.status) || (answer.status >= 520 && frontOf(answer) !== null));
      return down ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const state = stateIn(seen);
      const stuck = state === 'ERROR' || state === 'FIRST_RUN';
      const answer = answerIn(seen);
      const wait = answer === null ? null : retryAfter(answer, facts.now);
      return upToSix([
        stuck
          ? null
          : watch(
              facts,
              wait === null ? 'a restart or maintenance takes minutes' : `the answer asks to wait ${wait} s`,
            ),
        isCloud(facts)
          ? you('See whether Atlassian reports an incident', 'maintenance of a single site may not be listed there', {
              url: statusPage(facts),
            })
          : jiraAdmin(
              state === 'FIRST_RUN'
                ? 'Ask to finish the setup of this Jira in a browser'
                : 'Ask whether Jira is being restarted, upgraded or has crashed',
              who(seen) === nameless
                ? 'the server answered, Jira did not'
                : `${say(who(seen), 60)} answered; Jira behind it did not`,
              state === 'FIRST_RUN'
                ? 'Please finish the setup of this Jira in a browser.'
                : 'Please check whether Jira is being restarted or upgraded, or has crashed.',
            ),
        isDataCenter(facts)
          ? you('Ask Jira for its state', 'RUNNING means it is back', {
              command: readAnswer(`${facts.url}/status`),
            })
          : null,
        stuck ? watch(facts) : null,
        networkAdmin(
          'If browsers elsewhere reach it, ask about the proxy or load balancer on the way',
          'a gateway in the middle also answers 502, 503 and 504',
          `If browsers reach ${facts.host}, please look at the proxy or load balancer between our server and it.`,
        ),
        isCloud(facts)
          ? jiraAdmin(
              `If it lasts, ask Atlassian support${quoteTrace(seen)}`,
              'site, time and trace id let them find the request',
              `If it lasts, please open a case with Atlassian support${quoteTrace(seen)}.`,
              {
                url: supportPage(facts),
              },
            )
          : null,
      ]);
    },
  },
  'rate-limited': {
    ...site,
    concerns: 'pace',
    again: 'may-help',
    remedies: ['wait'],
    stopsAtUrl: false,
    steps: ['site', 'sign-in'],
    title(facts, seen) {
      const answer = answerIn(seen);
      const wait = answer === null ? null : retryAfter(answer, facts.now);
      const asks = wait === null ? 'answered 429' : `asks to wait ${wait} s (429)`;
      return `Too many requests: ${facts.host} ${asks}; nothing is wrong with the token`;
    },
    proof:
      'The answer was 429. Where they are sent, Retry-After says how long to wait and RateLimit-Reason why. The credential was not judged.',
    signal(seen) {
      const answer = answerIn(seen);
      return answer !== null && answer.status === 429 ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const asked = answer === null ? null : retryAfter(answer, facts.now);
      const wait = Math.min(asked ?? 60, 86_400);
      const why =
        asked === null
          ? `the answer does not say how long; ${wait} s is a guess`
          : 'asking again at once only spends more';
      return upToSix([
        you(`Wait ${wait} s, then test again`, why, {
          command: `sleep ${wait} && ${retest(facts)}`,
          remedy: 'wait',
        }),
        ...(isDataCenter(facts) ? limitedByAccount(facts) : [limitedOnCloud(answer)]),
      ]);
    },
  },
  'server-error': {
    ...site,
    concerns: 'site',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: false,
    title(facts, seen) {
      const answer = answerIn(seen);
      return `${facts.host} failed to handle the request${answer === null ? '' : ` (${answer.status})`}; this says nothing about the token`;
    },
    proof: 'The answer was a 5xx other than 502, 503 and 504: the server failed. Its trace id is shown.',
    signal(seen) {
      const answer = answerIn(seen);
      const failed = answer !== null && answer.status >= 500 && answer.status <= 599 && answer.status !== 511;
      return failed ? answerLines(answer) : null;
    },
    checklist: (facts, seen) =>
      upToSix([
        you('Test again', 'many server errors pass by themselves', {command: retest(facts), remedy: 'retry'}),
        isCloud(facts)
          ? you('See whether Atlassian reports an incident', 'all of Jira Cloud is on this page', {
              url: statusPage(facts),
            })
          : jiraAdmin(
              `Ask to look into atlassian-jira.log${quoteTrace(seen)}`,
              'the error stands there with its cause',
              `Please look into atlassian-jira.log${quoteTrace(seen)}.`,
            ),
        isCloud(facts)
          ? jiraAdmin(
              `If it stays, ask Atlassian support${quoteTrace(seen)}`,
              'site, time and trace id let them find the request',
              `If it stays, please open a case with Atlassian support${quoteTrace(seen)}.`,
              {
                url: supportPage(facts),
              },
            )
          : null,
        saveAnswer(facts),
      ]),
  },
  'answer-timed-out': {
    ...site,
    concerns: 'pace',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: false,
    title(facts, seen) {
      const {at} = brokenAt(facts, troubleIn(seen));
      return `${at} accepted the connection but gave no whole answer${facts.timeoutSeconds > 0 ? ` within ${facts.timeoutSeconds} s` : ' in time'}`;
    },
    proof: 'The connection stood, the request was sent, and no answer, or only a part of one, came in time.',
    signal(seen) {
      const trouble = troubleIn(seen);
      return trouble !== null && /^(?:TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT)$/.test(trouble.code)
        ? troubleLines(trouble)
        : null;
    },
    checklist(facts, seen) {
      const {at} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        you('Test again with more time', 'a slow link or a busy Jira may need it', {
          command: retest(facts, `--timeout ${Math.max(60, facts.timeoutSeconds * 2)}`),
          remedy: 'retry',
        }),
        isCloud(facts)
          ? you('See whether Atlassian reports an incident', 'slow answers are listed there', {url: statusPage(facts)})
          : jiraAdmin(
              'Ask whether Jira is overloaded or its database is slow',
              'the connection stands, so the server is up but does not answer',
              'Please check whether Jira is overloaded or its database is slow: it accepts connections and does not answer.',
            ),
        you('Compare with curl', 'if curl waits too, it is not jirakey', {command: curl(at)}),
        networkAdmin(
          'Ask whether an inspecting proxy or firewall holds answers back',
          'some scan the whole answer before they pass it on',
          'Please check whether an inspecting proxy or firewall holds back the answers to our server.',
        ),
      ]);
    },
  },
} as const satisfies Rows;

const ourCodes = [
  'TOO_LARGE',
  'CUT',
  'BAD_ENCODING',
  'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP_INVALID_HEADER_VALUE',
  'UNASKED_UPGRADE',
];

function unreadable(seen: Seen, facts: Facts) {
  const trouble = troubleIn(seen);
  if (trouble !== null) {
    const cut = trouble.stage === 'answer' && ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(trouble.code);
    const bad =
      ourCodes.includes(trouble.code) ||
      /^(?:HPE_|Z_|ERR_ZLIB|ERR_BROTLI|ERR_INVALID_CHAR|ERR_ENCODING)/.test(trouble.code);
    if (!cut && !bad) return null;
    const spoken =
      trouble.spoken === null || trouble.spoken === '' ? [] : [clean(`It began with: “${trouble.spoken}”`, 160)];
    return [...troubleLines(trouble), ...spoken];
  }
  const answer = answerIn(seen);
  if (answer === null || answer.status < 200 || answer.status > 299 || answer.body.type === 'json') return null;
  const promised = /\bjson\b/i.test(header(answer, 'content-type') ?? '');
  const {party} = whoAnswered(answer);
  const due = promised || party === 'jira' || party === 'data-center' || isFeed(answer.purpose);
  const page = answer.body.type === 'html' && party === 'other' && !isAtlassianHost(facts.host);
  return due && !page ? [...answerLines(answer), clean('JSON was due; this cannot be read as JSON')] : null;
}

function unreadableTitle(facts: Facts, seen: Seen): string {
  const trouble = troubleIn(seen);
  const {at} = brokenAt(facts, trouble);
  const code = trouble?.code ?? '';
  if (code === 'TOO_LARGE') return `The answer of ${at} is far larger than any answer of Jira`;
  if (code === 'HPE_HEADER_OVERFLOW') return `The headers in the answer of ${at} are too large`;
  if (code === 'UNASKED_UPGRADE') return `What answers at ${at} switches to a protocol nobody asked for`;
  if (/^HPE_/.test(code)) return `What answers at ${at} does not speak HTTP`;
  if (/^(?:BAD_ENCODING|Z_|ERR_ZLIB|ERR_BROTLI)/.test(code))
    return `The answer of ${at} is compressed in a damaged way`;
  if (code !== '') return `The answer of ${at} was cut off`;
  return `The answer of ${at} is not readable as Jira’s`;
}

export const unread = {
  'answer-unreadable': {
    ...site,
    concerns: 'site',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: false,
    title: unreadableTitle,
    proof: 'The answer was cut, far too large, badly compressed, not HTTP, or not JSON where Jira’s JSON is due.',
    signal: unreadable,
    checklist: (facts, seen) =>
      upToSix([
        you('Test again', 'a connection cut in the middle is often a passing fault', {
          command: retest(facts),
          remedy: 'retry',
        }),
        you('See the raw answer', 'sends no credential', {
          command: readAnswer(`${facts.url}/rest/api/2/serverInfo`),
        }),
        networkAdmin(
          'Ask whether a proxy or filter on the way changes answers',
          'scanning and compressing devices cut or rewrite them',
          'Please check whether a proxy or filter on the way changes the answers to our server.',
        ),
        isCloud(facts)
          ? jiraAdmin(
              `If it stays, ask Atlassian support${quoteTrace(seen)}`,
              'site, time and trace id let them find the request',
              `If it stays, please open a case with Atlassian support${quoteTrace(seen)}.`,
              {
                url: supportPage(facts),
              },
            )
          : jiraAdmin(
              'Ask for the log of the reverse proxy in front of Jira',
              'it says which side closed the connection',
              'Please look into the log of the reverse proxy in front of Jira: which side closed the connection?',
            ),
      ]),
  },
  'unknown-answer': {
    ...site,
    concerns: 'unclear',
    again: 'may-help',
    remedies: ['field:url', 'retry'],
    stopsAtUrl: false,
    certainty: 'possible',
    title(facts, seen) {
      const subject = subjectOf(seen);
      if (subject?.kind === 'answer')
        return `${facts.host} gave an answer (${subject.status}) that jirakey does not know`;
      if (subject?.kind === 'trouble')
        return `The connection to ${brokenAt(facts, subject).at} failed in a way jirakey does not know (${say(subject.code, 60)})`;
      return `${facts.host} gave an answer that jirakey does not know`;
    },
    proof: 'None of the known signals fits. What was seen is shown as it is; no cause is guessed.',
    signal(seen) {
      const subject = subjectOf(seen);
      return subject === null ? [clean('nothing was seen')] : linesOf(subject);
    },
    checklist: (facts, seen) =>
      upToSix([
        you('Test again', 'see whether it stays the same', {command: retest(facts), remedy: 'retry'}),
        you('Ask the site without a credential and read what it says', 'Jira answers with a short JSON text', {
          command: readAnswer(`${facts.url}/rest/api/2/serverInfo`),
        }),
        isCloud(facts)
          ? jiraAdmin(
              `If it stays, ask Atlassian support${quoteTrace(seen)}`,
              'only Atlassian sees the logs of Jira Cloud',
              `If it stays, please open a case with Atlassian support${quoteTrace(seen)}.`,
              {url: supportPage(facts)},
            )
          : jiraAdmin(
              `Ask what Jira’s log says about this request${quoteTrace(seen)}`,
              'it may name the cause that the answer does not',
              `Please look into Jira’s log for this request${quoteTrace(seen)}.`,
            ),
        networkAdmin(
          'Ask whether something between this machine and Jira answers instead of it',
          'proxies and filters answer in their own way',
          `Please check whether something between our server and ${facts.host} answers instead of Jira.`,
          {
            url: rangesPage(facts),
          },
        ),
      ]),
  },
} as const satisfies Rows;
