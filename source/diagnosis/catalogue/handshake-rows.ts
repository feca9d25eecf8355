/** TLS that does not come about: another protocol, no common ground, a client certificate wanted. */
import {clean} from '../../domain/clean.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Trouble} from '../evidence.ts';
import {answerIn, answerLines, bodyText, troubleIn, troubleLines} from '../evidence-reading.ts';
import {brokenAt, edit, jiraAdmin, networkAdmin, retype, say, showChain, you} from './actions.ts';
import {breakChecklist, breakTitle} from './handshake-breaks.ts';
import {type Rows, upToSix} from './row.ts';
import {lines, notTls, tls} from './tls-parts.ts';

// Alerts 42 to 46, 48 and 116 are sent by a server about the client's certificate (RFC 8446 §6.2): we sent none.
const certificateAlert =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|NO_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE)|alert (?:bad|unknown|unsupported) c(?:ertificate|a)\b|certificate required|alert number (?:116|42|43|46|48)\b/i;
const asked = /(?:client certificate|certificate request|certificate was (?:asked|requested))/i;

function wantsCertificate(trouble: Trouble): boolean {
  const told = `${trouble.code} ${trouble.message}`;
  if (certificateAlert.test(told)) return true;
  return /HANDSHAKE_FAILURE|handshake failure/i.test(told) && asked.test(told);
}

/** What spoke instead of TLS, by its first bytes. */
function spokenAs(trouble: Trouble | null): string {
  const spoken = trouble?.spoken ?? '';
  if (/^HTTP\//i.test(spoken) || /^<(?:!doctype|html)/i.test(spoken)) return 'it speaks plain HTTP';
  if (/^SSH-/.test(spoken)) return 'it is an SSH server';
  if (/^220[ -]/.test(spoken)) return 'it is a mail or FTP server';
  return spoken === '' ? '' : `it says “${say(spoken, 40)}”`;
}

export const handshake = {
  'client-certificate-required': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['field:url'],
    stopsAtUrl: true,
    title: (facts, seen) =>
      `${brokenAt(facts, troubleIn(seen)).at} lets in only machines that show a client certificate`,
    proof:
      'The server ended the handshake asking for a client certificate (alert “certificate required”, or nginx’s page that says so).',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble !== null) return wantsCertificate(trouble) ? lines(trouble, seen, facts) : null;
      // nginx answers 400 (its own 496) with a fixed English title when ssl_verify_client got nothing.
      const answer = answerIn(seen);
      const refused = answer !== null && (answer.status === 400 || answer.status === 496);
      return refused && /No required SSL certificate was sent/i.test(bodyText(answer)) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const {host, port} = brokenAt(facts, troubleIn(seen));
      return upToSix([
        jiraAdmin(
          `Ask for an address of this Jira for programs, without client certificates`,
          'jirakey and most connectors cannot show a certificate of their own; a second entrance for them is usual',
          'Please give us an address of this Jira for programs that asks for no client certificate.',
        ),
        networkAdmin(
          `Ask to except this machine’s address from the client-certificate rule on ${host}`,
          'the rule sits on the reverse proxy, not in Jira',
          `Please exempt our server’s address from the client-certificate rule on ${host}.`,
        ),
        you('Confirm it', '“Acceptable client certificate CA names” lists whose certificates are let in', {
          command: showChain(host, port, '-prexit'),
        }),
        you('Enter the other address when you have it', 'the token stays the same', {
          command: edit(facts),
          remedy: 'field:url',
        }),
      ]);
    },
  },
  'tls-not-spoken': {
    ...tls,
    concerns: 'address',
    again: 'may-help',
    remedies: ['field:url', 'proxy'],
    stopsAtUrl: true,
    title(facts, seen) {
      const trouble = troubleIn(seen);
      const as = spokenAs(trouble);
      return `What listens on ${brokenAt(facts, trouble).at} does not speak TLS${as === '' ? '' : `: ${as}`}`;
    },
    proof: 'The first bytes that came back were not TLS (“wrong version number”, or readable text). Nothing was sent.',
    signal(seen) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      const early = trouble.stage === 'handshake';
      const foreign =
        notTls.test(`${trouble.code} ${trouble.message}`) ||
        (early && trouble.spoken !== null && trouble.spoken !== '');
      if (!foreign) return null;
      return [
        ...troubleLines(trouble),
        ...(trouble.spoken === null || trouble.spoken === '' ? [] : [clean(`It said: “${trouble.spoken}”`, 160)]),
      ];
    },
    checklist(facts, seen) {
      const trouble = troubleIn(seen);
      const {host, port, at} = brokenAt(facts, trouble);
      const proxy = trouble?.proxy ?? facts.proxy;
      const plain = `https://${host.includes(':') ? `[${host}]` : host}`;
      return upToSix([
        proxy === null
          ? null
          : networkAdmin(
              `Ask what the proxy ${proxy.address} answers for ${at}`,
              'the connection stands, but what came through it was not TLS: the proxy may answer by itself',
              `Please look at what the proxy ${proxy.address} answers our server for ${at}: it is not TLS.`,
            ),
        port === 443
          ? null
          : you(`Try the usual port: ${plain}`, `${port} may be Jira’s inner port; https is on 443 or 8443`, {
              command: retype(facts, plain),
              remedy: 'field:url',
            }),
        jiraAdmin(
          `Ask on which address this Jira speaks https`,
          `${at} does not; a token is sent over https only`,
          `Please tell us on which address this Jira speaks https: ${at} does not.`,
        ),
        you('See what answers there', 'an HTTP answer confirms it', {
          command: `curl -sv --max-time 10 ${shellWord(`http://${at}/`)} -o /dev/null`,
        }),
        port === 443
          ? networkAdmin(
              `Ask what answers on ${at}`,
              'a captive portal or a filter that speaks plain HTTP on 443 looks like this',
              `Please look at what answers our server on ${at}: it speaks plain HTTP, as a captive portal or filter would.`,
            )
          : null,
      ]);
    },
  },
  'tls-handshake-failed': {
    ...tls,
    concerns: 'network',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: true,
    title: breakTitle,
    proof:
      'The two sides found no common protocol version or cipher, one sent an alert, or the handshake stalled. Nothing was sent.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null) return null;
      // Whatever breaks in the handshake is TLS's, also under a name nobody knows.
      const broke = trouble.stage === 'handshake' || /^(?:EPROTO|ERR_SSL_.*)$/.test(trouble.code);
      return broke ? lines(trouble, seen, facts) : null;
    },
    checklist: breakChecklist,
  },
} as const satisfies Rows;
