/** The practice Jira's answers: a request and a scenario in, a reply as plain data out. No socket is touched here. */
import type {Asked, Jira} from './asked.ts';
import {answerCloud, answerGateway, cloudMarks, edgeMarks, gatewayHost} from './cloud.ts';
import {answerDataCenter, dataCenterMarks} from './data-center.ts';
import {locate} from './endpoints.ts';
import type {Endpoint, Reply, Rule} from './play.ts';

const applies = (rule: Rule, endpoint: Endpoint, asked: Asked): boolean =>
  (rule.at === 'anything' || rule.at.includes(endpoint)) && (rule.signed !== true || asked.authorization !== null);

function marksOf(rule: Rule, asked: Asked, jira: Jira): Readonly<Record<string, string>> {
  if (rule.marks === 'none') return {};
  const known = rule.marks === 'account';
  if (jira.deployment === 'data-center') return dataCenterMarks(asked, known ? jira.account.name : null);
  return rule.marks === 'edge' ? edgeMarks(asked) : cloudMarks(asked, known ? jira.account.id : null);
}

function fill(text: string, asked: Asked, jira: Jira): string {
  return text.replaceAll('{url}', jira.url).replaceAll('{path}', asked.path).replaceAll('{trace}', asked.trace);
}

function playRule(rule: Rule, asked: Asked, jira: Jira): Reply {
  const headers = Object.entries({...marksOf(rule, asked, jira), ...rule.reply.headers});
  const body = rule.reply.body;
  return {
    ...rule.reply,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, fill(value, asked, jira)])),
    ...(typeof body === 'string' ? {body: fill(body, asked, jira)} : {}),
  };
}

/** Answers as the scenario says, or as a healthy Jira where it says nothing. */
export function answer(asked: Asked, jira: Jira): Reply {
  const atGateway = asked.host === gatewayHost || asked.path.startsWith('/ex/');
  if (atGateway && jira.deployment === 'cloud') return answerGateway(asked, jira);
  const place = locate(asked.path, jira.deployment);
  const rule = jira.play.answers?.find(row => applies(row, place.endpoint, asked));
  if (rule !== undefined) return playRule(rule, asked, jira);
  return jira.deployment === 'cloud' ? answerCloud(place, asked, jira) : answerDataCenter(place, asked, jira);
}
