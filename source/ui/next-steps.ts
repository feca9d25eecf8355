/** What is said about a saved credential: its tile, how it is used, and how it is entered in the platform's form. */
import {runOf, type State} from '../assistant/state.ts';
import {commandLine} from '../domain/command-line.ts';
import {connectorTitles, labels} from '../domain/credential.ts';
import {expiryNotice} from '../domain/expiry.ts';
import type {Passage} from './passages.ts';

const routeTitles = {site: 'the site’s own address', gateway: 'Atlassian’s gateway (token with scopes)'} as const;

/** The credential at a glance. */
export function tile(state: State): readonly Passage[] {
  const {connector, site, username, expiresAt, route, description} = state.answers;
  const tested = state.trial?.status === 'passed' ? 'passed' : 'not passed: marked untested';
  const rows: readonly (readonly [string, string])[] = [
    ['Connector', connector ? connectorTitles[connector] : ''],
    ...(description ? [['Description', description] as const] : []),
    ['Site', site?.url ?? ''],
    ['Username', username ?? ''],
    ['Reached by', routeTitles[route]],
    ['Token', expiryNotice(expiresAt, new Date(state.now)).text],
    ['Test', tested],
  ];
  return [
    {text: state.savedAs ?? '', tone: 'strong'},
    ...rows.map(([title, value]) => ({mark: `  ${title.padEnd(12)}`, text: value})),
  ];
}

/** The commands that use it. */
export function uses(state: State): readonly Passage[] {
  const name = state.savedAs ?? '';
  const run = runOf(state);
  return [
    {text: 'How to use it', tone: 'strong'},
    {text: 'Test it again:'},
    {text: commandLine(run, 'test', {name}), tone: 'code'},
    {text: 'Give it to one command only, in its environment:'},
    {text: commandLine(run, 'exec', {name, rest: ['CMD']}), tone: 'code'},
    {text: 'Write it for another tool (env, netrc, json, jira-cli, nexla-form, nexla-cli):'},
    {text: commandLine(run, 'export', {name, options: ['--format', 'env']}), tone: 'code'},
  ];
}

/** The platform's own form: its five labels in their order, with what belongs there. */
export function form(state: State): readonly Passage[] {
  const {connector, site, username, description, route} = state.answers;
  const name = state.savedAs ?? '';
  const title = connector ? connectorTitles[connector] : '';
  const values: readonly (readonly [string, string])[] = [
    [labels.name, name],
    [labels.description, description || '(empty)'],
    [labels.url, site?.url ?? ''],
    [labels.username, username ?? ''],
    [labels.token, '(the token; shown by the command below)'],
  ];
  const gateway: readonly Passage[] =
    route === 'gateway'
      ? [
          {
            text: 'The form tests the site’s own address: this token has scopes and will not pass there. Make a classic token for it.',
            tone: 'warn',
          },
        ]
      : [];
  return [
    {text: 'In Nexla’s form', tone: 'strong'},
    {text: `Add Credential, ${title}, then field by field:`},
    ...values.map(([label, value]) => ({mark: `  ${label}: `, text: value})),
    {text: commandLine(runOf(state), 'token', {name, options: ['--reveal']}), tone: 'code'},
    ...gateway,
  ];
}
