/** `jirakey report`: the last test as a text for a ticket, searched for secrets before it is handed out. */

import {isFailureCode} from '../diagnosis/catalogue/index.ts';
import {explain} from '../diagnosis/explain.ts';
import {clean} from '../domain/clean.ts';
import {connectorTitles, type SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {expiryNotice} from '../domain/expiry.ts';
import type {World} from '../world.ts';
import {factsOf} from './failures.ts';
import {formsOf} from './mask.ts';
import {pageOf} from './page.ts';
import type {Run} from './run.ts';
import {findSaved, howToBegin, openSaved, opensUnasked, storeOf} from './saved.ts';
import {checkSources} from './secrets.ts';
import {NotFound} from './tell.ts';
import {lastTestText} from './tile.ts';
import {voiceOf} from './voice.ts';

export const run: Run = async ({args: [name], options}, world) => {
  const voice = voiceOf(world, options);
  checkSources(options);
  const {credentials} = await storeOf(options, world).read();
  const saved = name === undefined ? latest(credentials) : findSaved(credentials, name);
  const page = pageOf(world.stdout, world);
  const text = body(saved, world, page).join('\n');
  // The exact search wants the token; without the passphrase the shapes of secrets are looked for.
  const known = (await opensUnasked(saved, options, world)) ? [await openSaved(saved, options, world, voice)] : [];
  const secrets = known.flatMap(({token, passphrase}) => [token.reveal(), passphrase?.reveal() ?? '']);
  const leak = leakIn(text, saved, [...secrets, ...secretsOf(world)]);
  if (leak !== null) throw new Error(`the report holds ${leak}`);
  const searched =
    known.length > 0
      ? `the token${known.some(({passphrase}) => passphrase !== null) ? ', the passphrase' : ''} (each also in base64 and URL form)`
      : 'anything shaped like a token, sealed text';
  const check = `Self-check: searched for ${searched} and the secrets of the environment; none is in it.`;
  if (options.json) voice.json({schemaVersion: 1, name: saved.name, text, check});
  else voice.result(`${text}\n\n${check}`);
  return exit.done;
};

/** The one tested last. @throws NotFound */
function latest(credentials: readonly SavedCredential[]): SavedCredential {
  const tested = credentials
    .filter(one => one.lastTest !== null)
    .sort((a, b) => (a.lastTest?.at ?? '').localeCompare(b.lastTest?.at ?? ''));
  const found = tested.at(-1) ?? credentials[0];
  if (found === undefined) throw new NotFound('nothing is saved yet, so there is nothing to report.', [howToBegin]);
  return found;
}

/** Enough of a name to recognise one's own. */
const veiled = (username: string): string => {
  const [local = '', domain] = username.split('@');
  return `${local.slice(0, 1)}…${domain === undefined ? '' : `@${domain}`}`;
};

function body(saved: SavedCredential, world: World, page: {width: number; unicode: boolean}): string[] {
  const {lastTest} = saved;
  const expiry = expiryNotice(saved.expiresAt, world.now());
  const head = [
    `jirakey ${world.version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `Written    ${world.now().toISOString()}`,
    `For        ${connectorTitles[saved.connector]}`,
    `Site       ${clean(saved.url)}`,
    `Username   ${veiled(clean(saved.username))}`,
    `Sent as    ${saved.scheme === 'bearer' ? 'Bearer' : 'Basic'}, to the ${saved.route}`,
    `Token      ${expiry.text}${saved.expiresAt === null ? '' : ` (${saved.expiresAt})`}`,
    `Last test  ${lastTestText(lastTest)}`,
  ];
  const code = lastTest?.code ?? '';
  if (!isFailureCode(code)) return head;
  const facts = {
    ...factsOf({...saved, username: veiled(saved.username)}, world),
    scheme: saved.scheme,
    route: saved.route,
    expiresAt: saved.expiresAt,
  };
  return [...head, '', ...explain(code, facts, page)];
}

const secretsOf = (world: World): string[] =>
  ['JIRA_API_TOKEN', 'JIRAKEY_PASSPHRASE'].map(name => world.env[name] ?? '').filter(value => value.length >= 8);

/** What secret stands in a text, in words; null when none does. */
export function leakIn(text: string, saved: SavedCredential, secrets: readonly string[]): string | null {
  if (/AT[A-Z]TT3x/.test(text)) return 'something shaped like a token';
  // Words after “Basic” are words; what is encoded has digits in it.
  if (/\b(?:Basic|Bearer) (?=[\w+/=-]*[0-9])[\w+/=-]{12,}/.test(text)) return 'an Authorization header';
  if (/-----BEGIN AGE/.test(text) || saved.sealed.split('\n').some(line => line.length > 20 && text.includes(line)))
    return 'sealed text';
  const found = secrets.flatMap(formsOf).some(form => form.length >= 8 && text.includes(form));
  return found ? 'a secret' : null;
}
