/** A credential in the words of other tools: pure text, and what has to be said about each form of it. */
import {clean} from '../../domain/clean.ts';
import {connectorTitles, labels} from '../../domain/credential.ts';
import {shellWord} from '../../domain/shell.ts';
import {parseSite} from '../../domain/site.ts';
import {baseUrlOf, variablesFor} from '../child/variables.ts';
import type {exportFormats} from '../line/options.ts';
import {bearerNote, type Exported, secretOf, type Written} from './exported.ts';
import {airbyte, dotenv, kubernetes, mcpAtlassian, template} from './tool-formats.ts';

export type Format = (typeof exportFormats)[number];

export const writers: Readonly<Record<Format, (given: Exported) => Written>> = {
  env,
  dotenv,
  'mcp-atlassian': mcpAtlassian,
  kubernetes,
  airbyte,
  template,
  netrc,
  json,
  'jira-cli': jiraCli,
  'nexla-form': nexlaForm,
  'nexla-cli': nexlaCli,
};

/** POSIX shell, for `eval "$(…)"` or a file that is sourced. */
function env(given: Exported): Written {
  const lines = Object.entries(variablesFor(given, secretOf(given))).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return {
    text: lines.join('\n'),
    notes: [
      ...(given.scheme === 'bearer' ? [bearerNote] : []),
      `Every process started from that shell inherits the token; jirakey exec ${shellWord(given.name)} -- CMD gives it to one only.`,
      ...pipes(given),
    ],
  };
}

/** For tools that take the token on stdin: it stands in no file and on no command line. */
function pipes({name, url, username}: Exported): readonly string[] {
  const token = `jirakey token ${shellWord(name)}`;
  return [
    'For tools that take the token on stdin:',
    `  ${token} | gh secret set JIRA_API_TOKEN`,
    `  ${token} | acli jira auth login --site ${shellWord(new URL(url).host)} --email ${shellWord(username)} --token`,
    `  ${token} | systemd-creds encrypt --name=jira.token - FILE`,
  ];
}

/** One word of a netrc file; in quotes where a reader would end it early, take it for a comment or drop a character. */
const netrcWord = (word: string): string => (/[\s"'\\]|^#/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word);

function netrc(given: Exported): Written {
  const base = new URL(baseUrlOf(given));
  const host = base.hostname.replace(/^\[(.*)\]$/, '$1');
  const words = ['machine', host, 'login', netrcWord(given.username), 'password', netrcWord(secretOf(given))];
  const notes = ['Into ~/.netrc, which only you may read: chmod 600 ~/.netrc'];
  if (given.route === 'gateway') notes.push(`This token works at the gateway only, under ${base.href}`);
  if (base.port !== '' || base.pathname !== '/')
    notes.push(`A netrc entry has no port and no path: it is sent to all of ${host}.`);
  if (words.some(word => word.startsWith('"')))
    notes.push('What stands in quotes is read by curl, git and Python; programs written in Go take quotes literally.');
  if (given.scheme === 'bearer') {
    notes.push(
      'A netrc entry is sent as Basic, and this personal access token wants Bearer: Jira will refuse it this way.',
    );
  }
  return {text: words.join(' '), notes};
}

function json(given: Exported): Written {
  const {url, username, route, scheme, cloudId} = given;
  const body = {url, baseUrl: baseUrlOf(given), username, token: secretOf(given), route, scheme, cloudId};
  return {text: JSON.stringify(body, null, 2), notes: given.scheme === 'bearer' ? [bearerNote] : []};
}

/** Plain where YAML reads the same text back, else in the double quotes it shares with JSON. */
const yaml = (text: string): string =>
  /^[a-z][\w.+@/:-]*[\w/]$/i.test(text) && !/^(true|false|yes|no|on|off|null)$/i.test(text)
    ? text
    : JSON.stringify(text);

/**
 * Keys as jira-cli reads them (ankitpokhrel/jira-cli: api/client.go, internal/config/generator.go; `browse_server` for
 * links where the API has another address: internal/cmdutil/utils.go). It takes the token from JIRA_API_TOKEN, netrc or a
 * keyring; here never from its file.
 */
function jiraCli(given: Exported): Written {
  const site = parseSite(given.url);
  const cloud = given.cloudId !== null || (site.ok && site.site.atlassianHosted);
  const server = baseUrlOf(given);
  const name = shellWord(given.name);
  const lines = [
    '# For ~/.config/.jira/.config.yml ($XDG_CONFIG_HOME/.jira/.config.yml where that is set).',
    '# The token does not belong in this file: jira-cli takes it from JIRA_API_TOKEN,',
    `# as in: jirakey exec ${name} -- jira me`,
    `installation: ${cloud ? 'Cloud' : 'Local'}`,
    `server: ${yaml(server)}`,
    ...(server === given.url ? [] : [`browse_server: ${yaml(given.url)}`]),
    `login: ${yaml(given.username)}`,
    `auth_type: ${given.scheme}`,
  ];
  const init = [
    `jirakey exec ${name} -- jira init --force --installation ${cloud ? 'cloud' : 'local'}`,
    `--server ${shellWord(server)} --login ${shellWord(given.username)} --auth-type ${given.scheme}`,
  ];
  const notes = [
    'jira-cli keeps its project, board and issue types in the same file. Its own init asks the site for them and writes the whole file anew:',
    init.join(' '),
  ];
  if (server !== given.url) notes.push('Then put the line browse_server back, or links lead to Atlassian’s gateway.');
  if (given.scheme === 'bearer')
    notes.push('For a personal access token jira-cli’s documentation also asks for JIRA_AUTH_TYPE=bearer.');
  return {text: lines.join('\n'), notes};
}

/** The platform's own form, its labels to the letter. */
function nexlaForm(given: Exported): Written {
  const rows: readonly (readonly [string, string])[] = [
    [labels.name, given.name],
    [labels.description, given.description],
    [labels.url, given.url],
    ...(given.route === 'gateway' ? [[labels.url, baseUrlOf(given)] as const] : []),
    [labels.username, given.username],
    [labels.token, given.token === null ? '(hidden; --reveal writes it)' : given.token.reveal()],
  ];
  const notes = [
    `The form is behind Add Credential, ${connectorTitles[given.connector]}.`,
    'The platform tests from its own addresses: where your site has an IP allowlist, they must be on it.',
  ];
  if (given.route === 'gateway') {
    notes.push(
      'This token has scopes, and those work at Atlassian’s gateway only. The second URL line is the gateway’s: the form builds its URLs from this field and may take it (unconfirmed). If it does not, make a classic API token for the form.',
    );
  }
  if (given.scheme === 'bearer')
    notes.push('The form signs in with Basic; this personal access token wants Bearer and will not pass.');
  return {text: rows.map(([label, value]) => `${label}: ${clean(value, 4096)}`.trimEnd()).join('\n'), notes};
}

/** The generic REST credential of nexla-cli, whose fields its reference names (rest-custom: auth_mode BASIC). */
function nexlaCli(given: Exported): Written {
  const body = {
    name: given.name,
    ...(given.description === '' ? {} : {description: given.description}),
    connector: 'custom_rest',
    auth_mode: 'BASIC',
    config: {'basic.username': given.username, 'basic.password': secretOf(given)},
  };
  const notes = [
    'For: nexla-cli credentials create --name NAME --connector custom_rest --json "$(cat FILE)"',
    'That command takes secrets on its command line, where every user of the machine can read them while it runs.',
    'It makes a generic REST credential: the field names of the Jira templates are not published. For those use the form (--format nexla-form).',
    `The address is not part of it; a source names it: ${baseUrlOf(given)}`,
  ];
  if (given.scheme === 'bearer') notes.push('BASIC does not fit this token: a personal access token wants Bearer.');
  return {text: JSON.stringify(body, null, 2), notes};
}
