/** Certificates whose time has passed or not yet come, and clocks that only make it look so. */

import {dayMs, minuteText} from '../../domain/time.ts';
import {day, offending, shortName, span, topIssuer, wrongClock} from '../certificates.ts';
import type {Facts, Seen} from '../evidence.ts';
import {serverClock, troubleIn} from '../evidence-reading.ts';
import {brokenAt, jiraAdmin, networkAdmin, retest, showDates, you} from './actions.ts';
import {type Rows, upToSix} from './row.ts';
import {atlassianAt, chainIn, lines, tls, withCode} from './tls-parts.ts';

const tooLate: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CRL_HAS_EXPIRED']);

const tooEarly: ReadonlySet<string> = new Set(['CERT_NOT_YET_VALID', 'CRL_NOT_YET_VALID']);

const setClock = you(
  'If the time is wrong, turn on time synchronisation',
  'in a container or virtual machine, correct the host’s clock',
  {
    command: 'sudo timedatectl set-ntp true',
  },
);

const checkClock = you('Check this machine’s clock', 'a wrong clock makes every certificate look expired or too new', {
  command: 'timedatectl status',
});

const viewDates = (facts: Facts, seen: Seen) => {
  const {host, port} = brokenAt(facts, troubleIn(seen));
  return you('Look at the certificate’s dates and issuer yourself', 'shows what this machine is given', {
    command: showDates(host, port),
  });
};

/** What an admin can do about a certificate whose dates do not fit. */
const renew = (facts: Facts, seen: Seen, action: string) => {
  const {host} = brokenAt(facts, troubleIn(seen));
  const issuer = topIssuer(chainIn(seen));
  return atlassianAt(facts, seen)
    ? networkAdmin(
        `Ask what stands between this machine and ${host}`,
        `Atlassian renews in time; ${issuer === null ? 'an inspecting firewall' : `“${issuer}”`} may be the one that did not`,
        `Please look at what stands between our server and ${host}: the certificate that reaches us is not Atlassian’s, or is out of date.`,
      )
    : jiraAdmin(
        `Ask to ${action} on ${host} or its reverse proxy`,
        'and to reload the web server: a renewed file alone is not enough',
        `Please ${action} on ${host} or its reverse proxy, and reload the web server.`,
      );
};

const badDate = (facts: Facts, seen: Seen) => offending(chainIn(seen), facts.now);
const whose = (facts: Facts, seen: Seen): string => {
  const bad = badDate(facts, seen);
  const {host} = brokenAt(facts, troubleIn(seen));
  return bad === null || bad === chainIn(seen)[0]
    ? `The certificate of ${host}`
    : `The certificate “${shortName(bad.subject)}” in the chain of ${host}`;
};

export const dates = {
  'clock-wrong': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: true,
    certainty: 'likely',
    title(facts, seen) {
      const clock = serverClock(seen);
      if (clock === null) return 'This machine’s clock is wrong, so valid certificates look expired or too new';
      const off = facts.now.getTime() - clock.time.getTime();
      return `This machine’s clock is ${span(off)} ${off < 0 ? 'behind' : 'ahead'}: the certificate is valid, the time here is not`;
    },
    proof:
      'The certificate is not valid by this machine’s clock, but is by the Date header a server sent; the clock is off by more than the certificate’s margin.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null || (!tooLate.has(trouble.code) && !tooEarly.has(trouble.code))) return null;
      return wrongClock(trouble, seen, facts) === null ? null : lines(trouble, seen, facts);
    },
    checklist(facts, seen) {
      const clock = serverClock(seen);
      const here = minuteText(facts.now);
      const there = clock === null ? null : `${clock.host} says ${minuteText(clock.time)}`;
      return upToSix([
        you(
          'Check this machine’s clock',
          there === null ? `it says ${here}; compare that with the real time` : `it says ${here}; ${there}`,
          {command: 'timedatectl status'},
        ),
        setClock,
        networkAdmin(
          'Ask which time server (NTP) this machine should use',
          'UDP port 123 to the Internet is often closed',
          'Please tell us which time server (NTP) our server should use; UDP port 123 to the Internet may be closed.',
        ),
        you('Test again when the time is right', 'nothing else has to change', {
          command: retest(facts),
          remedy: 'retry',
        }),
        viewDates(facts, seen),
      ]);
    },
  },
  'certificate-expired': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: true,
    title(facts, seen) {
      const bad = badDate(facts, seen);
      const {host} = brokenAt(facts, troubleIn(seen));
      if (bad === null) return `The certificate of ${host} has expired`;
      return `${whose(facts, seen)} expired on ${day(bad.validTo)} (${span(facts.now.getTime() - Date.parse(bad.validTo))} ago)`;
    },
    proof:
      'A certificate’s last day lies in the past by this machine’s clock, and no Date header says that the clock is wrong. Nothing was sent.',
    signal: withCode(tooLate),
    checklist(facts, seen) {
      const clock = serverClock(seen);
      const sure = clock !== null && Math.abs(clock.time.getTime() - facts.now.getTime()) < dayMs;
      const ask = renew(facts, seen, 'renew the certificate');
      return upToSix([
        ...(sure ? [ask, checkClock] : [checkClock, ask]),
        viewDates(facts, seen),
        you('Test until it is renewed', 'tries again by itself', {command: retest(facts, '--watch'), remedy: 'retry'}),
        sure ? null : setClock,
      ]);
    },
  },
  'certificate-not-yet-valid': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['retry'],
    stopsAtUrl: true,
    title(facts, seen) {
      const bad = badDate(facts, seen);
      const {host} = brokenAt(facts, troubleIn(seen));
      if (bad === null) return `The certificate of ${host} is not valid yet`;
      return `${whose(facts, seen)} is valid only from ${day(bad.validFrom)}; this machine says it is ${day(facts.now)}`;
    },
    proof:
      'A certificate’s first day lies in the future by this machine’s clock, and no Date header says that the clock is wrong. Nothing was sent.',
    signal: withCode(tooEarly),
    checklist: (facts, seen) =>
      upToSix([
        checkClock,
        setClock,
        renew(facts, seen, 'install a certificate that is valid today'),
        viewDates(facts, seen),
        you('Test until it is valid', 'tries again by itself', {command: retest(facts, '--watch'), remedy: 'retry'}),
      ]),
  },
} as const satisfies Rows;
