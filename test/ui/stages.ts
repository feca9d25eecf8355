/** The assistant at each of its screens, as the state machine really gets there. */
import type {SettingId, State} from '../../source/assistant/state.ts';
import type {CaCertificate} from '../../source/domain/ca-certificate.ts';
import {own} from '../../source/domain/clean.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import {Secret} from '../../source/domain/secret.ts';
import {examinationOf, failureOf, goodLook, now, practice, reportOf, savedCredential} from '../assistant/doubles.ts';
import {
  at,
  back,
  Drive,
  next,
  passphrase,
  pick,
  secret,
  text,
  token,
  toPassphrase,
  toResult,
  toTest,
  toToken,
  toUrl,
} from '../assistant/drive.ts';

const draft = {
  connector: 'jira-feeds',
  name: 'a rather long name for a credential of the data team, nightly feeds',
  description: '',
  url: 'https://a-rather-long-name-of-a-company.atlassian.net',
  username: 'somebody.with.a.long.name@a-rather-long-name-of-a-company.example',
  connection: noConnectionSettings,
  expiresAt: null,
  sealed: 'SEAL',
  updatedAt: now.toISOString(),
} as const;

const looked = (drive: Drive, failure = failureOf('site-not-found', 'site')): Drive =>
  drive.send({type: 'looked', seq: drive.last('look').seq, look: {...goodLook, deployment: null, failure}});

const prerequisite = (index: number): State => {
  const drive = new Drive().send(pick('jira-feeds'));
  for (let turn = 0; turn < index; turn += 1) drive.send(next);
  return drive.state;
};

const failedStore = {
  state: 'failed',
  text: own('Cannot be written: /very/long/path/to/a/store/config.json'),
  more: [own('Free it.')],
} as const;

const editing = (): Drive => {
  const edit = savedCredential('old');
  const drive = new Drive({edit, existing: [{name: 'old'}], hasStore: true}).send(secret(passphrase));
  return drive.send({type: 'unlocked', seq: drive.last('unlock').seq, held: {...edit, v: 2, token: new Secret(token)}});
};

/** A setting chosen from the answers of a saved credential. */
const settingAt = (setting: SettingId): Drive => editing().send(pick(setting));

const authority: CaCertificate = {
  pem: '-----BEGIN CERTIFICATE-----',
  subject: own('CN=ACME Inspection Root with a long name, O=ACME Corporation of Everywhere'),
  issuer: own('CN=ACME Inspection Root with a long name, O=ACME Corporation of Everywhere'),
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2036-01-01T00:00:00.000Z',
  fingerprint256: Array.from({length: 32}, () => 'AB').join(':'),
  selfSigned: true,
  authority: true,
};

const rated = (): Drive => {
  const drive = toPassphrase(new Drive()).send(secret(passphrase));
  return drive.send({
    type: 'rated',
    seq: drive.last('rate-passphrase').seq,
    rating: {ok: true, score: 4, sentence: 'Strong: centuries.'},
  });
};

const failing = (code: Parameters<typeof failureOf>[0], step: Parameters<typeof failureOf>[1]) =>
  toResult(new Drive({practice}, {mendable: true}), reportOf(failureOf(code, step)));

/** Each screen, and the ways it may look that take most room. */
export const stages: Readonly<Record<string, () => State | Promise<State>>> = {
  resume: () => new Drive({draft}).state,
  connector: () => new Drive({}, {offersPractice: true}).state,
  'connector, starting practice': () => new Drive({}, {offersPractice: true}).send(pick('practice')).state,
  'connector, help': () => new Drive().send({type: 'help'}).state,
  'prerequisite, failed': () =>
    new Drive().send(pick('jira-feeds'), {type: 'checked', id: 'store', result: failedStore}).state,
  ...Object.fromEntries(
    Array.from({length: 9}, (_, index) => [`prerequisite ${index + 1}`, () => prerequisite(index)]),
  ),
  name: () => new Drive().send(pick('jira-software'), {type: 'skip'}).state,
  'name, taken': () =>
    new Drive({existing: [{name: draft.name}]}).send(pick('jira-software'), {type: 'skip'}, text(draft.name)).state,
  description: () => new Drive().send(pick('jira-software'), {type: 'skip'}, text('acme')).state,
  'description, help': () =>
    new Drive().send(pick('jira-software'), {type: 'skip'}, text('acme'), {type: 'help'}).state,
  url: () => toUrl(new Drive()).state,
  'url, refused': () =>
    toUrl(new Drive()).send(text('https://id.atlassian.com/manage-profile/security/api-tokens')).state,
  'url, help': () => toUrl(new Drive()).send({type: 'help'}).state,
  username: () => toUrl(new Drive()).send(text('acme.atlassian.net/browse/ABC-1?focus=1#top'), next).state,
  'username, refused': () => toUrl(new Drive()).send(text('acme.atlassian.net'), next, text('jdoe')).state,
  'username, help': () => toUrl(new Drive()).send(text('https://jira.acme.example'), next, {type: 'help'}).state,
  'site-wrong': () => looked(toUrl(new Drive()).send(text('acme.atlassian.net'))).send(text('you@acme.com')).state,
  'site-wait': () =>
    toUrl(new Drive()).send(
      text('acme.atlassian.net'),
      next,
      text('you@acme.com'),
      {type: 'generated', passphrase: new Secret('a b c d')},
      secret(''),
    ).state,
  passphrase: () => toPassphrase(new Drive()).state,
  'passphrase, site doubtful': () =>
    looked(
      toUrl(new Drive()).send(text('acme.atlassian.net'), next, text('you@acme.com')),
      failureOf('certificate-untrusted', 'tls'),
    ).send({type: 'generated', passphrase: new Secret('amber-bridge-cactus-dagger-ember-fabric-and-more')}).state,
  'passphrase, site doubtful, a login for a username': () =>
    looked(
      toUrl(new Drive()).send(text('https://jira.acme.example'), next, text('you')),
      failureOf('certificate-untrusted', 'tls'),
    ).send({type: 'generated', passphrase: new Secret('amber-bridge-cactus-dagger-ember-fabric-and-more')}).state,
  'passphrase, help': () => toPassphrase(new Drive()).send({type: 'help'}).state,
  'passphrase, kept': () => toToken(new Drive()).send(secret(token), back, back).state,
  'passphrase, weak': () => {
    const drive = toPassphrase(new Drive()).send(secret('short'));
    const rating = {
      ok: false,
      score: 0,
      sentence: 'Too easy to guess: it has 5 characters, and 12 are the least.',
    } as const;
    return drive.send({type: 'rated', seq: drive.last('rate-passphrase').seq, rating}).state;
  },
  'passphrase, of a store': () => toPassphrase(new Drive({hasStore: true})).state,
  'passphrase, unlocking': () => toPassphrase(new Drive({hasStore: true})).send(secret(passphrase)).state,
  'passphrase, wrong': () => {
    const drive = toPassphrase(new Drive({hasStore: true})).send(secret(passphrase));
    return drive.send({type: 'unlock-failed', seq: drive.last('unlock').seq, failure: failureOf('passphrase-wrong')})
      .state;
  },
  'setting, proxy': () => settingAt('proxy').state,
  'setting, proxy user': () => settingAt('proxy').send(text('http://proxy.acme.example:3128')).state,
  'setting, proxy password': () =>
    settingAt('proxy').send(text('http://proxy.acme.example:3128'), text('jirakey')).state,
  'setting, proxy refused': () => settingAt('proxy').send(text('socks5://proxy.acme.example')).state,
  'setting, ca': () => settingAt('ca').send(text('')).state,
  'setting, address refused': () => settingAt('address').send(text('jira.acme.example')).state,
  'setting, timeout': () => settingAt('timeout').state,
  trust: () => {
    const drive = settingAt('ca').send(text('/etc/acme.pem'));
    const read = {ok: true, certificates: [authority, authority]} as const;
    return drive.send({type: 'certificates-read', seq: drive.state.seq, read}).state;
  },
  confirm: () => rated().state,
  'confirm, different': () => rated().send(secret('something else')).state,
  token: () => toToken(new Drive()).state,
  'token, practice': () => toToken(new Drive({practice})).state,
  'token, kept': () => toToken(new Drive()).send(secret(token), back).state,
  'token, refused': () => toToken(new Drive()).send(secret(`ATCTT3xFfGN0${'x'.repeat(90)}`)).state,
  'token, help': () => toToken(new Drive()).send({type: 'help'}).state,
  'token-doubt': () => toToken(new Drive()).send(secret(`Bearer ${token.slice(0, -9)}`)).state,
  expires: () => toToken(new Drive()).send(secret(`else@acme.com:${token}`)).state,
  'expires, no draft': () =>
    toToken(new Drive()).send(secret(token), {type: 'draft-failed', failure: failureOf('store-unwritable')}).state,
  'expires, refused': () => toToken(new Drive()).send(secret(token), text('31.12.')).state,
  'expires, help': () => toToken(new Drive()).send(secret(token), {type: 'help'}).state,
  test: () => {
    const drive = toTest(new Drive());
    const {seq} = drive.last('examine');
    const step = {
      id: 'dns',
      status: 'passed',
      ms: 12345,
      detail: own(`acme.atlassian.net is ${'104.192.142.19, '.repeat(6)}`),
    } as const;
    return drive.send(
      {type: 'stepped', seq, event: {type: 'finished', step}},
      {type: 'stepped', seq, event: {type: 'started', id: 'connect'}},
    ).state;
  },
  'test, stopped': () => toTest(new Drive({practice}, {mendable: true})).send({type: 'interrupt'}).state,
  'test, saving': async () => (await toResult(new Drive())).state,
  'test, watching': async () => {
    const drive = (await failing('connection-refused', 'connect')).send(pick('watch'));
    const examination = examinationOf(reportOf(failureOf('connection-refused', 'connect')));
    return drive.send({type: 'examined', seq: drive.last('examine').seq, examination, at}).state;
  },
  'test, watching, a try runs': async () => (await failing('connection-refused', 'connect')).send(pick('watch')).state,
  'checklist, watching ended': async () => {
    const drive = (await failing('connection-refused', 'connect')).send(pick('watch'));
    const examination = examinationOf(reportOf(failureOf('credentials-rejected', 'sign-in')));
    return drive.send({type: 'examined', seq: drive.last('examine').seq, examination, at}).state;
  },
  message: async () => (await failing('certificate-untrusted', 'tls')).send(pick('message:network-admin')).state,
  'message, copied': async () =>
    (await failing('sign-in-unclear', 'sign-in')).send(pick('message:jira-admin'), {type: 'copied', result: 'sent'})
      .state,
  checklist: async () => (await failing('credentials-rejected', 'sign-in')).state,
  'checklist, network': async () => (await failing('certificate-untrusted', 'tls')).state,
  'checklist, store': async () => {
    const drive = await toResult(new Drive());
    return drive.send({type: 'save-failed', seq: drive.last('save').seq, failure: failureOf('store-unwritable')}).state;
  },
  questions: () => editing().state,
  'checklist, saving anyway': async () => (await failing('credentials-rejected', 'sign-in')).send(pick('save')).state,
  'questions, failed test': async () =>
    (await failing('credentials-rejected', 'sign-in')).send(pick('questions')).state,
  done: async () => {
    const drive = await toResult(new Drive());
    return drive.send({type: 'saved', seq: drive.last('save').seq, name: 'acme'}).state;
  },
  'done, untested': async () => {
    const drive = (await failing('credentials-rejected', 'sign-in')).send(pick('save'));
    return drive.send({type: 'saved', seq: drive.last('save').seq, name: 'it’s mine'}).state;
  },
};
