/** A server answers, and Jira is not there: under another path, or not at all. */
import {clean} from '../../domain/clean.ts';
import type {Answer, Facts, Seen} from '../evidence.ts';
import {answerIn, answerLines, bodyText, isCloud} from '../evidence-reading.ts';
import {isJira, siblingOf, whoAnswered} from '../responder.ts';
import {edit, jiraAdmin, onDataCenter, readAnswer, say, you} from './actions.ts';
import {askBase, compareBrowser, origin, pathOf, seeAnswer, site} from './address-parts.ts';
import {siteForm} from './checklist-pages.ts';
import {baseTold, enter, probablyMeant} from './own-address.ts';
import {type Rows, upToSix} from './row.ts';

/** Whether Jira was found at this address a moment ago: another question there was answered, and not by a 404. */
const foundBefore = (answer: Answer, seen: Seen): boolean =>
  answer.step !== 'site' &&
  seen.some(
    each => each !== answer && each.kind === 'answer' && each.step === 'site' && each.status !== 404 && isJira(each),
  );

/** Jira answers at this address, only not to this question. */
const halfOpen = (facts: Facts, answer: Answer) =>
  upToSix([
    jiraAdmin(
      `Ask whether the reverse proxy passes all of ${pathOf(facts)}/rest/ on to Jira`,
      isJira(answer) ? 'Jira itself answered; its REST plugins may be off' : 'some proxies pass on only listed paths',
      `Please check whether the reverse proxy passes all of ${pathOf(facts)}/rest/ on to Jira, and whether Jira’s REST plugins are on: ${say(pathAsked(answer), 80)} answers 404.`,
    ),
    seeAnswer(facts, 'other pages may be answered'),
    you('See what this address answers', 'Jira answers 401 there without a login, never 404', {
      command: readAnswer(`${origin(facts)}${pathAsked(answer)}`),
    }),
    askBase(facts),
  ]);

const pathAsked = (answer: Answer): string => (URL.canParse(answer.url) ? new URL(answer.url).pathname : '');

export const elsewhere = {
  'wrong-path': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    title(facts, seen) {
      const better = baseTold(seen, facts);
      if (better !== null) return `Jira is not at ${facts.url} but at ${better}`;
      const answer = answerIn(seen);
      if (answer !== null && foundBefore(answer, seen))
        return `${facts.url.replace(/^https?:\/\//, '')} is Jira, but has nothing at ${say(pathAsked(answer), 80)} (404)`;
      const path = pathOf(facts);
      if (isCloud(facts) && path === '') return `${facts.host} has no Jira API at its address (404)`;
      return path === ''
        ? `There is no Jira at the top of ${facts.host}: a path is missing, or too much of one is there`
        : `There is no Jira under ${path} on ${facts.host}`;
    },
    proof:
      'The answer was 404 from a proxy (“default backend”), a dead-link page, or “No endpoint”: the address has a path too many or too few.',
    signal(seen, facts) {
      const answer = answerIn(seen);
      if (answer === null || answer.status !== 404 || siblingOf(answer) !== null) return null;
      const early = answer.step === 'site' || answer.step === 'sign-in';
      const noEndpoint = /\bNo endpoint\b|dead link/i.test(bodyText(answer));
      return early || noEndpoint ? [...answerLines(answer), clean(`Asked below ${facts.url}`)] : null;
    },
    checklist(facts, seen) {
      const better = baseTold(seen, facts);
      const answer = answerIn(seen);
      if (better === null && answer !== null && foundBefore(answer, seen)) return halfOpen(facts, answer);
      const path = pathOf(facts);
      const top = origin(facts);
      const tryJira = readAnswer(`${top}/jira/rest/api/2/serverInfo`);
      return upToSix([
        better === null ? null : enter(facts, better, 'this Jira names it as its own address'),
        path === ''
          ? null
          : enter(
              facts,
              top,
              isCloud(facts)
                ? 'Jira Cloud is always at the top of its host'
                : `“${path}” may be a part of a page’s address`,
            ),
        path === '' && !isCloud(facts)
          ? you(`Try ${top}/jira`, 'an answer with “baseUrl” means that Jira is there; enter that address', {
              command: tryJira,
            })
          : null,
        compareBrowser(facts),
        askBase(facts),
        isCloud(facts)
          ? null
          : jiraAdmin(
              'Ask whether the reverse proxy passes /rest/ on to Jira',
              'some proxies pass on only the paths of the pages',
              'Please check whether the reverse proxy passes /rest/ on to Jira.',
            ),
      ]);
    },
  },
  'not-jira': {
    ...site,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    example: onDataCenter,
    title(facts, seen) {
      const answer = answerIn(seen);
      if (answer === null) return `What answers at ${facts.host} is not Jira`;
      const product = siblingOf(answer);
      if (answer.status === 421) return `${facts.host} reaches another virtual host of that server (421), not Jira`;
      return product === null
        ? `What answers at ${facts.host} is not Jira: ${say(whoAnswered(answer).name, 140)}`
        : `${product} answers at ${facts.host}, not Jira`;
    },
    proof: 'A whole answer came, and no header, page or JSON in it is Jira’s. No token was judged.',
    signal(seen) {
      const answer = answerIn(seen);
      if (answer === null || answer.status < 200 || answer.status >= 500) return null;
      if (siblingOf(answer) !== null) return answerLines(answer);
      if (whoAnswered(answer).party !== 'other') return null;
      return answer.status < 300 || [400, 405, 406, 410, 421].includes(answer.status) ? answerLines(answer) : null;
    },
    checklist(facts, seen) {
      const answer = answerIn(seen);
      const product = answer === null ? null : siblingOf(answer);
      const better = baseTold(seen, facts);
      return upToSix([
        better === null ? null : enter(facts, better, 'Jira names it as its own address'),
        product === null ? probablyMeant(facts, 'that is how addresses of Jira Cloud look') : null,
        compareBrowser(facts),
        product === null
          ? you(
              `If your Jira is Cloud behind a domain of your own, enter ${siteForm(facts)}`,
              'tokens work only at the site’s own address',
              {command: edit(facts), remedy: 'field:url'},
            )
          : you(`Ask for the address of Jira; this is ${product}`, 'both are often on one host under different paths', {
              command: readAnswer(`${origin(facts)}/jira/rest/api/2/serverInfo`),
            }),
        askBase(facts),
        you('Ask the address itself what it is', 'a Jira answers with “baseUrl” and “version”', {
          command: readAnswer(`${facts.url}/rest/api/2/serverInfo`),
        }),
      ]);
    },
  },
} as const satisfies Rows;
