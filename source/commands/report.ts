/** `jirakey report`: the last test as a text for a ticket or for an admin, searched for secrets before it is handed out. */
import {hostname} from 'node:os';
import {adminTitle, messageLines, messageText} from '../diagnosis/admin-message.ts';
import {type Admin, admins} from '../diagnosis/admins.ts';
import {anonymize, anonymized} from '../diagnosis/anonymize.ts';
import {isFailureCode} from '../diagnosis/codes.ts';
import {explain} from '../diagnosis/explain.ts';
import {leakIn, type Secrets} from '../diagnosis/leak.ts';
import {newestTest, type PastTest, testOf} from '../diagnosis/past-test.ts';
import {pastTestText} from '../diagnosis/past-text.ts';
import {clean} from '../domain/clean.ts';
import {connectorTitles, type SavedCredential} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {expiryNotice} from '../domain/expiry.ts';
import {NothingThere, UsageFault} from '../domain/fault.ts';
import {sameName} from '../domain/name.ts';
import {copyToTerminal} from '../terminal/clipboard.ts';
import type {World} from '../world.ts';
import {factsOf} from './connection-test/failures.ts';
import {homeOf, type LastTests, lastTestsIn} from './connection-test/last-tests.ts';
import type {Context, Run} from './context.ts';
import type {Options} from './line/options.ts';
import {type Page, pageOf} from './output/page.ts';
import type {Printer} from './output/printer.ts';
import {lastTestText} from './output/tile.ts';
import {findSaved, howToBegin, openSaved, opensUnasked} from './saved/saved.ts';
import {checkSources} from './secrets/secrets.ts';

/** What the report is about: a saved credential, its last test as it was kept, or both. */
type Subject = Readonly<{saved: SavedCredential | null; past: PastTest | null}>;

/** A text to be handed out: as it is set for the terminal, and with each paragraph on one line for a clipboard. */
type Written = Readonly<{text: string; flowing: string}>;

export const run: Run = async context => {
  const {
    args: [name],
    options,
    world,
    printer,
  } = context;
  checkSources(options);
  const admin = adminOf(options);
  if (options.copy && options.json)
    throw new UsageFault('--copy copies the text, --json prints another form: give one.');
  const store = await context.openStore();
  const kept = lastTestsIn(store.directory, world);
  const {credentials} = await store.read();
  const subject = subjectOf(name, credentials, await kept.all(), context);
  const page = pageOf(world.stdout, world);
  const written = admin === null ? report(subject, context, page) : message(subject, admin, context, page);
  const secrets = await secretsFor(subject, context);
  const check = checkText(secrets);
  const out = options.json ? document(subject, admin, written, check, world) : written.text;
  const leak = leakIn(out, secrets) ?? leakIn(written.flowing, secrets);
  if (leak !== null) return withheld(leak, kept, printer);
  printer.result(options.json || admin !== null ? out : `${out}\n\n${check}`);
  if (admin !== null && !options.json) printer.note(check);
  if (options.copy) copy(written.flowing, context);
  return exit.done;
};

const isAdmin = (text: string): text is Admin => (admins as readonly string[]).includes(text);
const adminOf = (options: Options): Admin | null =>
  options.for !== undefined && isAdmin(options.for) ? options.for : null;

/** @throws NothingThere */
function subjectOf(
  name: string | undefined,
  credentials: readonly SavedCredential[],
  tests: readonly PastTest[],
  context: Context,
): Subject {
  if (name !== undefined) {
    const saved = findSaved(credentials, name);
    return {saved, past: fitting(saved, tests)};
  }
  const subjects = [
    ...credentials.map(saved => ({saved, past: fitting(saved, tests)})),
    {saved: null, past: testOf(tests, null)},
  ];
  const newest = subjects.reduce((one, other) => (endOf(other) > endOf(one) ? other : one));
  if (newest.saved === null && newest.past === null) {
    throw new NothingThere('nothing was tested yet, so there is nothing to report.', [howToBegin(context)]);
  }
  return newest;
}

const endOf = ({saved, past}: Subject): string => past?.at ?? saved?.lastTest?.at ?? '';

/** The kept test of a credential, unless the store knows of a later one or the credential is another by now. */
function fitting(saved: SavedCredential, tests: readonly PastTest[]): PastTest | null {
  const past = newestTest(tests.filter(({of}) => of !== null && sameName(of, clean(saved.name))));
  if (past === null || past.report.credential.url !== clean(saved.url, 2048)) return null;
  if (past.report.credential.username !== clean(saved.username)) return null;
  return past.at >= (saved.lastTest?.at ?? '') ? past : null;
}

function report({saved, past}: Subject, context: Context, page: Page): Written {
  const {world} = context;
  const text = (set: Page): string => {
    if (past !== null) return pastTestText(anonymized(past, homeOf(world)), {...set, now: world.now()});
    return saved === null ? '' : summary(saved, context, set).join('\n');
  };
  return {text: text(page), flowing: text({...page, width: Number.POSITIVE_INFINITY})};
}

/** @throws NothingThere where nothing is asked of this admin */
function message({saved, past}: Subject, admin: Admin, context: Context, page: Page): Written {
  const {world} = context;
  const title = adminTitle(admin);
  if (past === null) {
    const name = saved === null ? '' : clean(saved.name, 80);
    throw new NothingThere(
      `of the last test of “${name}” only the result is known, which is too little for a message.`,
      [`Test it, then ask again: ${context.commandLine('test', {name})}`],
    );
  }
  const lines = messageLines(past, admin, {machine: clean(hostname(), 80), now: world.now()});
  if (lines === null) throw nothingToAsk(past, title, context);
  // A mail is read in lines of up to 76; a wider one is no easier to read.
  const width = Math.min(page.width, 76);
  return {text: messageText(lines, width, page.unicode), flowing: messageText(lines, null)};
}

function nothingToAsk({report: {failure}}: PastTest, title: string, context: Context): NothingThere {
  if (failure === null) return new NothingThere(`the last test passed, so there is nothing to ask of the ${title}.`);
  const others = admins.filter(each => failure.checklist.some(({who}) => who === each));
  return new NothingThere(`the checklist of ${failure.code} asks nothing of the ${title}.`, [
    ...others.map(other => `It does of the ${adminTitle(other)}: --for ${other}`),
    `The whole test as a text: ${context.commandLine('report')}`,
  ]);
}

/** Of a test whose steps were not kept: its result, and the page of its failure with this credential's values. */
function summary(saved: SavedCredential, context: Context, page: Page): string[] {
  const {world} = context;
  const {lastTest} = saved;
  const expiry = expiryNotice(saved.expiresAt, world.now());
  const head = [
    `jirakey ${world.version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `Written    ${world.now().toISOString()}`,
    `For        ${connectorTitles[saved.connector]}`,
    `Site       ${clean(saved.url)}`,
    `Username   ${anonymize(clean(saved.username))}`,
    `Sent as    ${saved.scheme === 'bearer' ? 'Bearer' : 'Basic'}, to the ${saved.route}`,
    `Token      ${expiry.text}${saved.expiresAt === null ? '' : ` (${saved.expiresAt})`}`,
    `Last test  ${lastTestText(lastTest)}`,
  ];
  const code = lastTest?.code ?? '';
  const more = [
    '',
    `Its steps were not kept; test again for all of it: ${context.commandLine('test', {name: saved.name})}`,
  ];
  if (!isFailureCode(code)) return lastTest === null || lastTest.outcome === 'untested' ? head : [...head, ...more];
  const facts = {
    ...factsOf({...saved, username: anonymize(saved.username), saved: true}, context),
    scheme: saved.scheme,
    route: saved.route,
    expiresAt: saved.expiresAt,
  };
  return [...head, '', ...explain(code, facts, page), ...more];
}

/** The exact search wants the secrets themselves; without the passphrase the shapes of secrets are looked for. */
async function secretsFor({saved}: Subject, context: Context): Promise<Secrets> {
  const {world} = context;
  const opened = saved !== null && (await opensUnasked(context)) ? await openSaved(saved, context) : null;
  const given = (name: string): string[] => [world.env[name] ?? ''].filter(value => value.length >= 8);
  return {
    tokens: [...(opened === null ? [] : [opened.token.reveal()]), ...given('JIRA_API_TOKEN')],
    phrases: [...(opened?.passphrase ? [opened.passphrase.reveal()] : []), ...given('JIRAKEY_PASSPHRASE')],
    sealed: saved === null ? [] : [saved.sealed],
  };
}

function checkText({tokens = [], phrases = []}: Secrets): string {
  const known = tokens.length + phrases.length > 0;
  const searched = known
    ? `the token${phrases.length > 0 ? ' and the passphrase' : ''} (also in base64, URL, JSON and hex form, the token in pieces) and for anything shaped like a secret`
    : 'anything shaped like a token, an Authorization header, a seal or a password in an address';
  return `Self-check: searched for ${searched}; none is in it.`;
}

function document({saved, past}: Subject, admin: Admin | null, {text}: Written, check: string, world: World): string {
  const name = saved?.name ?? past?.of ?? null;
  const at = past?.at ?? saved?.lastTest?.at ?? null;
  const test = past === null ? null : anonymized(past, homeOf(world)).report;
  return JSON.stringify({schemaVersion: 1, name, at, for: admin, text, check, test}, null, 2);
}

/** The text is not repeated, nor where in it the secret stands. */
function withheld(leak: string, kept: LastTests, printer: Printer): number {
  printer.alarm(
    [
      `jirakey: this text is not handed out: it holds ${leak}, and it is meant for other eyes. Nothing was printed.`,
      `  What is kept of the last tests lies in ${kept.path}; it can be deleted without harm.`,
      '  Then test again. Should the new report be held back as well, that is a fault of jirakey: please report it.',
    ].join('\n'),
  );
  return exit.bug;
}

function copy(text: string, context: Context): void {
  const {world, printer} = context;
  const result = copyToTerminal(text, world);
  const [say, words] = result === 'sent' ? [printer.note, copied.sent] : [printer.alarm, copied[result]];
  say(words);
}

const copied = {
  sent: 'The text was also given to your terminal for its clipboard (OSC 52). Not every terminal takes it: try a paste.',
  'too-long': 'The text is too long for a terminal’s clipboard; it is printed above.',
  'no-terminal': 'There is no terminal here whose clipboard could take it; the text is on stdout.',
} as const;
