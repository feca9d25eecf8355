/** A credential in the files of tools that read variables, and of those with a configuration of their own. */
import {UsageFault} from '../../domain/fault.ts';
import {baseUrlOf, variablesFor} from '../child/variables.ts';
import {bearerNote, type Exported, secretOf, type Written} from './exported.ts';

type Variables = Readonly<Record<string, string>>;

/**
 * NAME=value with nothing to escape. docker's --env-file takes a value as it is; systemd's EnvironmentFile= unquotes it,
 * drops blanks at its ends and reads a backslash as an escape (systemd.exec(5)). What they would read differently has no
 * form here.
 * @throws UsageFault
 */
function lines(variables: Variables): string {
  for (const [name, value] of Object.entries(variables)) {
    if (!/[\r\n"'\\]|^\s|\s$/.test(value)) continue;
    throw new UsageFault(
      `${name} has a quote, a backslash, a line end or a blank at its end: docker and systemd would read different values.`,
      ['With quotes, for a shell: --format env', 'As JSON: --format json'],
    );
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

export function dotenv(given: Exported): Written {
  return {
    text: lines(variablesFor(given, secretOf(given))),
    notes: [
      'For docker run --env-file FILE and systemd’s EnvironmentFile=FILE. The token stands in it: chmod 600 FILE',
      ...(given.scheme === 'bearer' ? [bearerNote] : []),
    ],
  };
}

/** Its variables (sooperset/mcp-atlassian, authentication): api.atlassian.com counts as Cloud there, so the gateway's address will do. */
export function mcpAtlassian(given: Exported): Written {
  const address = {JIRA_URL: baseUrlOf(given)};
  const token = secretOf(given);
  const variables =
    given.scheme === 'bearer' && given.cloudId === null
      ? {...address, JIRA_PERSONAL_TOKEN: token}
      : {...address, JIRA_USERNAME: given.username, JIRA_API_TOKEN: token};
  return {
    text: lines(variables),
    notes: [
      'For its --env-file, or the "env" of its entry in mcp.json. The token stands in it: chmod 600 FILE',
      ...(given.scheme === 'bearer' && given.cloudId !== null
        ? ['This token was accepted as Bearer; mcp-atlassian sends it as Basic, which the gateway may refuse.']
        : []),
      'Atlassian’s own Rovo MCP server needs a token with scopes of its own.',
    ],
  };
}

/**
 * A double-quoted YAML scalar (YAML 1.2 §5.7): what is not printable ASCII is escaped, since readers differ on line ends
 * such as U+2028 and on characters beyond the basic plane.
 */
const yamlText = (text: string): string =>
  `"${[...text].map(character => escaped(character, character.codePointAt(0) ?? 0)).join('')}"`;

function escaped(character: string, code: number): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  if (code >= 0x20 && code <= 0x7e) return character;
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** RFC 1123 label, as the names of most Kubernetes objects must be: 63 characters of a-z, 0-9 and “-”. */
function labelOf(name: string): string {
  const label = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 57)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'jira' : `jira-${label}`;
}

export function kubernetes(given: Exported): Written {
  const entries = Object.entries(variablesFor(given, secretOf(given)));
  const text = [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${labelOf(given.name)}`,
    'type: Opaque',
    'stringData:',
    ...entries.map(([name, value]) => `  ${name}: ${yamlText(value)}`),
  ].join('\n');
  return {
    text,
    notes: [
      'Without a file: pipe it into kubectl apply -f -',
      'A Secret is not encrypted by itself: anybody who may read it in that namespace has the token.',
    ],
  };
}

/**
 * Airbyte's source-jira, `connectionSpecification` of its manifest: "API Token" signs in at the site by Basic, "Service
 * Account" at the gateway by Bearer.
 * @throws UsageFault where neither can work
 */
export function airbyte(given: Exported): Written {
  const domain = new URL(given.url).host;
  const token = secretOf(given);
  if (given.accountKind === 'service' && given.route === 'gateway') {
    const credentials = {auth_type: 'Service Account', service_account_token: token};
    return {text: JSON.stringify({domain, credentials}, null, 2), notes: [airbyteNote]};
  }
  if (given.scheme === 'bearer') {
    throw new UsageFault('Airbyte’s source-jira signs in with Basic, and this personal access token wants Bearer.');
  }
  const credentials = {auth_type: 'API Token', email: given.username, api_token: token};
  const notes = [airbyteNote];
  if (given.route === 'gateway') {
    notes.push(
      'Airbyte’s “API Token” goes to the site itself, where a token with scopes is refused: make a classic API token for it.',
    );
  }
  return {text: JSON.stringify({domain, credentials}, null, 2), notes};
}

const airbyteNote = 'Configuration of a source of the connector source-jira; projects and start_date are yours to add.';

const placeholders = ['name', 'url', 'baseUrl', 'username', 'token', 'scheme', 'cloudId'] as const;
type Placeholder = (typeof placeholders)[number];

const isPlaceholder = (word: string): word is Placeholder => placeholders.some(each => each === word);
const placeholder = /\{\{|\}\}|\{([A-Za-z]+)\}/g;
const known = `Placeholders: ${placeholders.map(each => `{${each}}`).join(' ')}; for a brace write it twice.`;

/** Read before anything is opened. @throws UsageFault */
export function checkTemplate(pattern: string | undefined): void {
  if (pattern === undefined) {
    throw new UsageFault('--format template needs --template TEXT.', [
      known,
      "Example: --template 'JIRA={url} TOKEN={token}'",
    ]);
  }
  for (const [, word] of pattern.matchAll(placeholder)) {
    if (word !== undefined && !isPlaceholder(word))
      throw new UsageFault(`--template: {${word}} is no placeholder.`, [known]);
  }
}

/** Any other tool: `--template 'X={url} Y={token}'`. */
export function template(given: Exported): Written {
  const {name, url, username, scheme, cloudId, template: pattern} = given;
  const values: Readonly<Record<Placeholder, () => string>> = {
    name: () => name,
    url: () => url,
    baseUrl: () => baseUrlOf(given),
    username: () => username,
    token: () => secretOf(given),
    scheme: () => scheme,
    cloudId: () => cloudId ?? '',
  };
  const text = (pattern ?? '').replace(placeholder, (all, word: string | undefined) =>
    word === undefined ? all.slice(0, 1) : isPlaceholder(word) ? values[word]() : all,
  );
  return {text, notes: []};
}

/** Whether a template asks for the token, so that one without it may be shown on a terminal. */
export const asksForToken = (pattern: string): boolean => pattern.replaceAll('{{', '').includes('{token}');
