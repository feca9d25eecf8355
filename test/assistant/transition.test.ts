import {describe, expect, it} from 'vitest';
import {defaultOf, offersPracticeToken} from '../../source/assistant/fields.ts';
import {menuOf} from '../../source/assistant/menu.ts';
import {failureShown} from '../../source/assistant/remedy.ts';
import {offersPassphrase} from '../../source/assistant/state.ts';
import {catalogue} from '../../source/diagnosis/catalogue/index.ts';
import {type FailureCode, failureCodes} from '../../source/diagnosis/codes.ts';
import {own} from '../../source/domain/clean.ts';
import {noConnectionSettings} from '../../source/domain/connection-settings.ts';
import type {Draft} from '../../source/domain/credential.ts';
import {parseProxyAddress} from '../../source/domain/proxy-address.ts';
import {Secret} from '../../source/domain/secret.ts';
import {syntheticToken} from '../support/jira.ts';
import {examinationOf, examining, failureOf, goodLook, now, practice, reportOf, savedCredential} from './doubles.ts';
import {
  at,
  back,
  Drive,
  lastWord,
  next,
  offered,
  passphrase,
  pick,
  repair,
  secret,
  text,
  token,
  toPassphrase,
  toResult,
  toTest,
  toToken,
  toUrl,
} from './drive.ts';

/** Another token that is whole. */
const other = syntheticToken();
const ids = (drive: Drive): readonly string[] => menuOf(drive.state).map(({id}) => id);
const wrongSite = {...goodLook, deployment: null, failure: failureOf('site-not-found', 'site')};

describe('the walk', () => {
  it('asks connector, prerequisites, name, description, URL, username, passphrase, token, expiry, then tests', () => {
    const drive = new Drive();
    const seen = [drive.at];
    const see = () => seen.push(drive.at);
    drive.send(pick('jira-feeds'));
    see();
    while (drive.at === 'prerequisite') drive.send(next);
    see();
    for (const answer of ['acme', '', 'https://acme.atlassian.net']) {
      drive.send(text(answer));
      see();
    }
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    see();
    drive.send(text('you@acme.com'));
    see();
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
    see();
    drive.send(secret(token));
    see();
    drive.send(text(''));
    see();
    expect(seen).toEqual([
      'connector',
      'prerequisite',
      'name',
      'description',
      'url',
      'site-wait',
      'username',
      'passphrase',
      'token',
      'expires',
      'test',
    ]);
  });

  it('passes all prerequisites with one key', () => {
    expect(new Drive().send(pick('jira-software'), {type: 'skip'}).at).toBe('name');
  });

  it('goes back over every question and forward again without asking for a kept secret', () => {
    const drive = toToken(new Drive()).send(secret(token));
    const way: string[] = [];
    while (drive.at !== 'connector') {
      drive.send(back);
      way.push(drive.at);
    }
    expect(way.slice(0, 6)).toEqual(['token', 'passphrase', 'username', 'url', 'description', 'name']);
    const {answers} = drive.state;
    expect([answers.name, answers.site?.url, answers.username]).toEqual([
      'acme',
      'https://acme.atlassian.net',
      'you@acme.com',
    ]);
    drive.send(pick('jira-software'), {type: 'skip'}, text('acme'), text(''), text('https://acme.atlassian.net'));
    drive.send(text('you@acme.com'), secret(''), secret(''));
    expect(drive.at).toBe('expires');
    expect(drive.state.answers.token?.token.reveal()).toBe(token);
    expect(drive.state.answers.passphrase?.reveal()).toBe(offered);
  });

  it('opens the help of a field and closes it with whatever comes', () => {
    const drive = toUrl(new Drive()).send({type: 'help'});
    expect(drive.state.help).toBe(true);
    drive.send(text('https://acme.atlassian.net'));
    expect([drive.state.help, drive.at]).toEqual([false, 'url']);
  });
});

describe('the store before the secrets', () => {
  const failed = {state: 'failed', text: own('Cannot be written.'), more: []} as const;

  it('is tried before anything is asked', () => {
    expect(new Drive().take()).toEqual([{type: 'check', id: 'store'}]);
  });

  it('stops a skipped walk in front of the passphrase until it can be used', () => {
    const drive = new Drive().send({type: 'checked', id: 'store', result: failed});
    toUrl(drive).send(text('acme.atlassian.net'), next, text('you@acme.com'));
    expect(drive.at).toBe('prerequisite');
    drive.take();
    expect(drive.send({type: 'skip'}, next).at).toBe('prerequisite');
    expect(drive.take()).toEqual([{type: 'check', id: 'store'}]);
    drive.send({type: 'checked', id: 'store', result: {...failed, state: 'ok'}}, next);
    expect(drive.at).toBe('passphrase');
  });
});

describe('the site', () => {
  it('is looked at before the next question, and its changes are said', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net/browse/ABC-1'));
    expect(drive.at).toBe('site-wait');
    expect(drive.state.notices.join(' ')).toContain('https://');
    expect(drive.last('look').site.url).toBe('https://acme.atlassian.net');
  });

  it('that is surely wrong is told before any secret', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'));
    drive.send({type: 'looked', seq: drive.last('look').seq, look: wrongSite}, text('you@acme.com'));
    expect(drive.at).toBe('site-wrong');
    expect(ids(drive).filter(id => !id.startsWith('do:'))).toEqual(['probe', 'change', 'anyway']);
    expect(drive.send(pick('change')).at).toBe('url');
  });

  it('may be used anyway, and is then not asked about again', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'));
    drive.send({type: 'looked', seq: drive.last('look').seq, look: wrongSite}, pick('anyway'), text('you@acme.com'));
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
    expect(drive.at).toBe('token');
  });

  it('that surely cannot be reached is repaired before any secret, and looked at again', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'));
    const look = {...goodLook, failure: failureOf('connection-timed-out', 'connect')};
    drive.send({type: 'looked', seq: drive.last('look').seq, look});
    expect(drive.at).toBe('site-wrong');
    repair(drive, 'proxy').send(text('http://proxy.acme.example:3128'), text('jirakey'), secret('synthetic'));
    expect(drive.at).toBe('site-wait');
    const proxy = {url: 'http://proxy.acme.example:3128', username: 'jirakey', password: 'synthetic'};
    expect(drive.last('look').connection.proxy).toEqual(proxy);
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    expect(drive.at).toBe('username');
    expect(JSON.stringify(drive.state.notices)).toContain('jirakey');
    expect(JSON.stringify(drive.state.notices)).not.toContain('synthetic');
  });

  const afterProbe = (code: FailureCode): Drive => {
    const drive = toUrl(new Drive()).send(text('jira.acme.example'));
    const look = {...goodLook, deployment: null, failure: failureOf(code, catalogue[code].steps[0])};
    return drive.send({type: 'looked', seq: drive.last('look').seq, look});
  };

  // What may pass by itself, and what lies between the machine and the site until somebody changes something.
  it.each(['rate-limited', 'site-unavailable', 'server-error', 'answer-timed-out'] as const)(
    'in passing trouble (%s) stops nobody before the test',
    code => {
      const drive = afterProbe(code);
      expect(drive.at).toBe('username');
      drive.send(text('you@acme.com'), {type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
      expect(drive.at).toBe('token');
    },
  );

  it.each(failureCodes.filter(code => catalogue[code].stopsAtUrl))(
    'stops at the URL with %s: the reason, what repairs it, and a way on',
    code => {
      const drive = afterProbe(code);
      expect(drive.at).toBe('site-wrong');
      expect(failureShown(drive.state)?.title).not.toBe('');
      expect(ids(drive)).toEqual(expect.arrayContaining(['probe', 'change', 'anyway']));
      expect(drive.send(pick('anyway')).at).toBe('username');
    },
  );

  it.each(failureCodes.filter(code => ['network', 'proxy', 'certificate'].includes(catalogue[code].concerns)))(
    'stops at the URL where the way there is broken: %s',
    code => expect(catalogue[code].stopsAtUrl).toBe(true),
  );

  it('that was refused is offered as it was meant, once a Jira has answered there', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.com'));
    expect(drive.at).toBe('url');
    const {sites, seq} = drive.last('try-sites');
    expect(sites.map(({url}) => url)).toEqual(['https://acme.atlassian.net']);
    expect(defaultOf(drive.state, 'url')).toBeNull();
    drive.send({type: 'tried', seq, found: sites[0] ?? null});
    expect(defaultOf(drive.state, 'url')).toBe('https://acme.atlassian.net');
    drive.send(text(''));
    expect(drive.state.answers.site?.url).toBe('https://acme.atlassian.net');
  });

  it('that cannot be reached gives way to the one that was meant', () => {
    const drive = toUrl(new Drive()).send(text('acme'));
    const look = {...goodLook, failure: failureOf('dns-not-found')};
    drive.send({type: 'looked', seq: drive.last('look').seq, look});
    const {sites, seq} = drive.last('try-sites');
    expect(ids(drive)).not.toContain('use-tried');
    drive.send({type: 'tried', seq, found: sites[0] ?? null}, pick('use-tried'));
    expect(drive.last('look').site.url).toBe('https://acme.atlassian.net');
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    expect(drive.at).toBe('username');
  });

  it('is waited for in front of the token; Enter does not wait', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'), next, text('you@acme.com'));
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
    expect(drive.at).toBe('site-wait');
    expect(drive.send(next).at).toBe('token');
  });

  it('found wrong while waited for is told then', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'), next, text('you@acme.com'));
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
    expect(drive.send({type: 'looked', seq: drive.last('look').seq, look: wrongSite}).at).toBe('site-wrong');
  });

  it('found by a look at an address since changed is ignored', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'));
    const stale = drive.last('look').seq;
    drive.send(back, text('other.atlassian.net'), {type: 'looked', seq: stale, look: wrongSite});
    expect(drive.at).toBe('site-wait');
    drive.send(next, text('you@acme.com'));
    expect(drive.at).toBe('passphrase');
    expect(drive.state.look?.result).toBeNull();
  });

  it('that imitates another is asked about', () => {
    const drive = toUrl(new Drive()).send(text('https://acme.atlassian.net.evil.example'), text('you@acme.com'));
    expect(drive.at).toBe('site-wrong');
  });

  it('over http is refused', () => {
    const drive = toUrl(new Drive()).send(text('http://acme.atlassian.net'));
    expect(drive.at).toBe('url');
    expect(drive.state.error).not.toBeNull();
  });
});

describe('the username', () => {
  it('without @ is refused where the site is surely Cloud', () => {
    const drive = toUrl(new Drive()).send(text('acme.atlassian.net'), next, text('jdoe'));
    expect(drive.at).toBe('username');
    expect(drive.state.error).toContain('e-mail');
  });

  it('is asked again before the token when the look finds Cloud afterwards', () => {
    const drive = toUrl(new Drive()).send(text('https://jira.acme.example'), next, text('jdoe'));
    expect(drive.at).toBe('passphrase');
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord));
    expect(drive.at).toBe('username');
    expect(drive.state.error).toContain('e-mail');
  });
});

describe('the fields in clear', () => {
  it.each(['name', 'description', 'url', 'username'])('refuse a token pasted into %s', field => {
    const drive = new Drive().send(pick('jira-software'), {type: 'skip'});
    const answers: Record<string, string> = {name: 'acme', description: '', url: 'acme.atlassian.net', username: ''};
    while (drive.at !== field) drive.send(drive.at === 'site-wait' ? next : text(answers[drive.at] ?? ''));
    drive.take();
    drive.send(text(token));
    expect(drive.at).toBe(field);
    expect(drive.state.error).not.toBeNull();
    expect(JSON.stringify([drive.state, drive.take()])).not.toContain(token.slice(0, 40));
  });

  it('refuse a name that is taken, whatever its capitals', () => {
    const drive = new Drive({existing: [{name: 'Acme'}]}).send(pick('jira-software'), {type: 'skip'}, text('acme'));
    expect(drive.at).toBe('name');
    expect(drive.state.error).toContain('Acme');
  });

  it('refuse an expiry date that is past', () => {
    const drive = toToken(new Drive()).send(secret(token), text('2026-01-01'));
    expect(drive.at).toBe('expires');
    expect(drive.state.error).toContain('2026-01-01');
  });
});

describe('a new passphrase', () => {
  it('is offered, and not taken by an Enter too many', () => {
    const drive = toPassphrase(new Drive());
    drive.last('generate-passphrase');
    expect(drive.send(secret('')).at).toBe('passphrase');
    expect(drive.state.error).toContain('last word');
    expect(drive.state.answers.passphrase).toBeNull();
  });

  it.each([
    ['its last word', lastWord],
    ['its last word and a space', `${lastWord} `],
    ['all of it, pasted', offered],
  ])('is taken by %s', (_name, typed) => {
    const drive = toPassphrase(new Drive()).send(secret(typed));
    expect(drive.at).toBe('token');
    expect(drive.state.answers.passphrase?.reveal()).toBe(offered);
  });

  it('is taken by Enter in the practice', () => {
    const drive = toPassphrase(new Drive({practice}));
    expect(drive.send(secret('')).at).toBe('token');
  });

  it('is shown again until the token is given', () => {
    const drive = toPassphrase(new Drive());
    expect(offersPassphrase(drive.state)).toBe(true);
    drive.send(secret(lastWord), back);
    expect([drive.at, offersPassphrase(drive.state)]).toEqual(['passphrase', true]);
    drive.send(secret(''), secret(token), back, back);
    expect([drive.at, offersPassphrase(drive.state)]).toEqual(['passphrase', false]);
  });

  it('of one’s own is not shown', () => {
    const drive = toPassphrase(new Drive()).send(secret(passphrase));
    const {seq} = drive.last('rate-passphrase');
    drive.send({type: 'rated', seq, rating: {ok: true, score: 4, sentence: 'Strong.'}}, secret(passphrase), back);
    expect([drive.at, offersPassphrase(drive.state)]).toEqual(['passphrase', false]);
  });

  it('that is typed is rated, confirmed, and only then kept', () => {
    const drive = toPassphrase(new Drive()).send(secret(passphrase));
    const {seq} = drive.last('rate-passphrase');
    drive.send({type: 'rated', seq, rating: {ok: true, score: 4, sentence: 'Strong.'}});
    expect(drive.at).toBe('confirm');
    expect(drive.state.answers.passphrase).toBeNull();
    drive.send(secret(`${passphrase}!`));
    expect([drive.at, drive.state.error === null]).toEqual(['confirm', false]);
    expect(drive.send(secret(passphrase)).at).toBe('token');
    expect(drive.state.answers.passphrase?.reveal()).toBe(passphrase);
  });

  it('that is weak is refused with the rating’s sentence', () => {
    const drive = toPassphrase(new Drive()).send(secret('short'));
    const rating = {ok: false, score: 0, sentence: 'Too easy to guess.'} as const;
    drive.send({type: 'rated', seq: drive.last('rate-passphrase').seq, rating});
    expect([drive.at, drive.state.error]).toEqual(['passphrase', 'Too easy to guess.']);
  });

  it('is the same however its accents were composed, and loses one line end only', () => {
    const drive = toPassphrase(new Drive()).send(secret(' Caf\u00e9 au lait noir \r\n'));
    drive.send({type: 'rated', seq: drive.last('rate-passphrase').seq, rating: {ok: true, score: 4, sentence: ''}});
    expect(drive.send(secret(' Cafe\u0301 au lait noir ')).at).toBe('token');
    expect(drive.state.answers.passphrase?.reveal()).toBe(' Café au lait noir ');
  });

  it('whose rating comes after the user went back is forgotten', () => {
    const drive = toPassphrase(new Drive()).send(secret(passphrase));
    const {seq} = drive.last('rate-passphrase');
    drive.send(back, {type: 'rated', seq, rating: {ok: true, score: 4, sentence: ''}});
    expect(drive.at).toBe('username');
  });
});

describe('the passphrase of a store', () => {
  const wrong = failureOf('passphrase-wrong');

  it('is asked once and proven on a seal', () => {
    const drive = toPassphrase(new Drive({hasStore: true})).send(secret(passphrase));
    const effect = drive.last('unlock');
    expect(effect.sealed).toBeNull();
    expect(drive.send({type: 'unlocked', seq: effect.seq, held: null}).at).toBe('token');
  });

  it('may be wrong five times; then the assistant is left', () => {
    const drive = toPassphrase(new Drive({hasStore: true}));
    for (let tries = 1; tries <= 5; tries += 1) {
      expect(drive.at).toBe('passphrase');
      drive.send(secret('not this one'));
      drive.send({type: 'unlock-failed', seq: drive.last('unlock').seq, failure: wrong});
    }
    expect(drive.at).toBe('ended');
    expect(drive.last('leave').ending).toBe('left');
    expect(drive.state.trouble?.failure.code).toBe('passphrase-wrong');
  });

  it('that cannot be tried brings the checklist, not a wrong try', () => {
    const drive = toPassphrase(new Drive({hasStore: true})).send(secret(passphrase));
    const failure = failureOf('memory-too-small');
    drive.send({type: 'unlock-failed', seq: drive.last('unlock').seq, failure});
    expect([drive.at, drive.state.tries, ...ids(drive)]).toEqual(['checklist', 0, 'passphrase', 'leave']);
    expect(drive.send(pick('passphrase')).at).toBe('passphrase');
  });
});

describe('the token', () => {
  it('is tidied, judged offline, and what was done is said', () => {
    const drive = toToken(new Drive()).send(secret(`  Bearer ${token}\n`));
    expect(drive.at).toBe('expires');
    expect(drive.state.answers.token?.token.reveal()).toBe(token);
    expect(drive.state.notices.join('\n')).toContain('192 characters, checksum OK');
    expect(drive.state.notices.join('\n')).toMatch(/Taken off: .*Bearer/);
  });

  it('is sealed into the draft at once, before its expiry date is asked', () => {
    const drive = toToken(new Drive());
    drive.take();
    drive.send(secret(token));
    expect(drive.at).toBe('expires');
    const effect = drive.last('seal-draft');
    expect([effect.token.reveal(), effect.passphrase.reveal()]).toEqual([token, offered]);
    expect(effect.content).toMatchObject({name: 'acme', url: 'https://acme.atlassian.net', username: 'you@acme.com'});
  });

  it('that looks damaged is asked about', () => {
    const cut = token.slice(0, -30);
    const drive = toToken(new Drive()).send(secret(cut));
    expect([drive.at, ...ids(drive)]).toEqual(['token-doubt', 'again', 'anyway']);
    expect(drive.send(pick('again')).at).toBe('token');
    expect(drive.send(secret(cut), pick('anyway')).at).toBe('expires');
    expect(drive.state.answers.token?.token.reveal()).toBe(cut);
  });

  it.each([
    ['of another kind', `ATCTT3xFfGN0${'x'.repeat(40)}`],
    ['as long as a book', 'x'.repeat(10_000)],
    ['with a picture in it', `ATATT3xFfGF0\u{1f511}${'x'.repeat(60)}`],
    ['with an accent in it', `ATATT3xFfGF0é${'x'.repeat(60)}`],
    ['of nothing', '   '],
  ])('%s is refused with one sentence', (_what, pasted) => {
    const drive = toToken(new Drive()).send(secret(pasted));
    expect(drive.at).toBe('token');
    expect(drive.state.error).toMatch(/^[^\n]{10,250}$/);
  });

  it('is not the passphrase', () => {
    expect(toToken(new Drive()).send(secret(offered)).state.error).toContain('passphrase');
  });

  it('pasted with another e-mail says so and leaves the username', () => {
    const drive = toToken(new Drive()).send(secret(`else@acme.com:${token}`));
    expect(drive.state.notices.join('\n')).toContain('else@acme.com');
    expect(drive.state.answers.username).toBe('you@acme.com');
  });
});

const down = reportOf(failureOf('connection-refused', 'connect'));

describe('the connection test', () => {
  it('that passes is saved with what it learnt, and the draft is cleared', async () => {
    const drive = toTest(new Drive());
    const examination = examinationOf(reportOf(null), {route: 'gateway', cloudId: 'abc'});
    drive.send({type: 'examined', seq: drive.last('examine').seq, examination, at});
    const effect = drive.last('save');
    expect(effect.content).toMatchObject({route: 'gateway', cloudId: 'abc', expiresAt: '2027-05-01', seq: 1});
    expect([effect.outcome, effect.code, effect.replaces]).toEqual(['passed', null, null]);
    drive.take();
    drive.send({type: 'saved', seq: effect.seq, name: 'acme'});
    expect([drive.at, drive.state.savedAs]).toEqual(['done', 'acme']);
    expect(drive.take()).toEqual([{type: 'clear-draft'}]);
    expect(drive.send(next).last('leave').ending).toBe('saved');
  });

  it.each([
    ['site-not-found', 'site', ['url']],
    ['dns-not-found', 'dns', ['url', 'address', 'proxy']],
    ['certificate-wrong-host', 'tls', ['url']],
    ['credentials-rejected', 'sign-in', ['token', 'username']],
    ['proxy-refused', 'connect', ['proxy']],
  ] as const)('that fails with %s leads to where its remedies are given', async (code, step, expected) => {
    for (const place of expected) {
      const drive = await toResult(new Drive(), reportOf(failureOf(code, step)));
      expect(drive.at).toBe('checklist');
      const others = ids(drive).filter(id => !/^(?:do|fix|message):|watch/.test(id));
      expect(others).toEqual(['again', 'questions', 'save', 'leave']);
      repair(drive, place === 'address' || place === 'proxy' ? place : `field:${place}`);
      const {screen} = drive.state;
      expect(screen.at === 'setting' ? screen.setting : drive.at).toBe(place);
    }
  });

  it('is run again at once when the field was fixed', async () => {
    const drive = await toResult(new Drive(), reportOf(failureOf('credentials-rejected', 'sign-in')));
    repair(drive, 'field:username');
    drive.take();
    drive.send(text('me@acme.com'));
    expect(drive.at).toBe('test');
    expect(drive.last('examine').target.username).toBe('me@acme.com');
    expect(drive.last('seal-draft').content.username).toBe('me@acme.com');
  });

  it('asks for the new expiry date when the token was changed', async () => {
    const drive = await toResult(new Drive(), reportOf(failureOf('credentials-rejected', 'sign-in')));
    repair(drive, 'field:token').send(secret(`${token.slice(0, 20)}cut`), pick('anyway'));
    expect(drive.at).toBe('expires');
    expect(drive.send(text('')).at).toBe('test');
  });

  it('looks at a changed site before the token goes there', async () => {
    const drive = await toResult(new Drive(), reportOf(failureOf('site-not-found', 'site')));
    repair(drive, 'field:url');
    drive.take();
    drive.send(text('https://other.atlassian.net'));
    expect(drive.at).toBe('site-wait');
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    expect(drive.at).toBe('test');
  });

  it('that passed by the ways of this shell is kept with them by a key, and by none without', async () => {
    const read = parseProxyAddress('http://proxy.acme.example:3128');
    if (!read.ok) throw new Error(read.reason);
    const here = {proxy: read.proxy, certificates: ['PEM']};
    const drive = toTest(new Drive());
    const steps = examining(reportOf(null));
    let step = await steps.next();
    while (!step.done) step = await steps.next();
    drive.send({type: 'examined', seq: drive.last('examine').seq, examination: step.value, at, here});
    const first = drive.last('save');
    expect([first.content.seq, first.content.connection.proxy, first.replaces]).toEqual([1, null, null]);
    drive.send(pick('keep-connection'));
    expect(drive.state.pending?.what).toBe('saving');
    drive.send({type: 'saved', seq: first.seq, name: 'acme'});
    drive.take();
    drive.send(pick('keep-connection'));
    const second = drive.last('save');
    expect(second).toMatchObject({outcome: 'passed', replaces: 'acme', content: {seq: 2, connection: here}});
    drive.send({type: 'save-failed', seq: second.seq, failure: failureOf('store-busy')});
    expect([drive.at, drive.state.notices.join()]).toEqual(['done', expect.stringMatching(/^Not kept: /)]);
    const third = drive.send(pick('keep-connection')).last('save');
    drive.send({type: 'saved', seq: third.seq, name: 'acme'}, pick('keep-connection'));
    expect([drive.state.pending, drive.state.onlyHere]).toEqual([null, null]);
    expect(drive.send(next).last('leave').ending).toBe('saved');
  });

  it('may be saved anyway, marked untested', async () => {
    const drive = await toResult(new Drive(), reportOf(failureOf('credentials-rejected', 'sign-in')));
    drive.send(pick('save'));
    expect([drive.last('save').outcome, drive.last('save').code]).toEqual(['untested', 'credentials-rejected']);
  });

  it('is stopped by the first Ctrl-C; the second leaves', () => {
    const drive = toTest(new Drive());
    const {seq} = drive.last('examine');
    drive.take();
    drive.send({type: 'interrupt'});
    expect([drive.at, drive.state.trial?.status]).toEqual(['test', 'stopped']);
    expect(drive.take()).toEqual([{type: 'cancel', what: 'test'}]);
    drive.send({type: 'stepped', seq, event: {type: 'started', id: 'tls'}});
    expect(drive.state.trial?.steps.tls).toBe('waiting');
    drive.send({type: 'interrupt'});
    expect(drive.last('leave').ending).toBe('interrupted');
  });

  it('ignores the result of a test that was given up', async () => {
    const drive = toTest(new Drive());
    const {seq} = drive.last('examine');
    drive.send(back, {type: 'examined', seq, examination: examinationOf(reportOf(null)), at});
    expect(drive.at).toBe('expires');
    expect(drive.take().some(effect => effect.type === 'save')).toBe(false);
  });

  it('offers to watch only where another try does no harm', async () => {
    const rejected = await toResult(new Drive(), reportOf(failureOf('credentials-rejected', 'sign-in')));
    expect(ids(rejected)).not.toContain('watch');
    expect(ids(await toResult(new Drive(), down))).toContain('watch');
  });

  it('takes no passphrase of which a field may have held only a part', () => {
    const drive = toPassphrase(new Drive()).send(secret('correct horse '.repeat(600)));
    drive.send({
      type: 'rated',
      seq: drive.last('rate-passphrase').seq,
      rating: {ok: true, score: 4, sentence: 'Strong.'},
    });
    expect([drive.at, drive.state.candidate]).toEqual(['passphrase', null]);
    expect(drive.state.error).toContain('longer than 1024 characters');
  });

  it('offers the practice token again once another one was rejected, and never instead of one that may be good', async () => {
    const kept = toToken(new Drive({practice: {...practice, token: new Secret(other)}}));
    kept.send(secret(token), text('2027-05-01'), {type: 'interrupt'}, pick('questions'), pick('token'), secret(''));
    expect(kept.state.answers.token?.token.reveal()).toBe(token);
    const rejected = examinationOf(reportOf(failureOf('credentials-rejected', 'sign-in')));
    const again = toToken(new Drive({practice: {...practice, token: new Secret(other)}}));
    again.send(secret(token), text('2027-05-01'));
    again.send({type: 'examined', seq: again.last('examine').seq, examination: rejected, at});
    repair(again, 'field:token');
    expect([again.at, offersPracticeToken(again.state)]).toEqual(['token', true]);
    again.send(secret(''));
    expect(again.state.answers.token?.token.reveal()).toBe(other);
  });

  it('mends the practice Jira once', async () => {
    const drive = new Drive({practice}, {mendable: true});
    await toResult(drive, reportOf(failureOf('site-unavailable', 'site')));
    drive.take();
    drive.send(pick('mend'));
    expect(drive.take().map(({type}) => type)).toEqual(['mend', 'examine']);
    drive.send({type: 'interrupt'});
    expect(ids(drive)).not.toContain('mend');
  });

  it('that passed but cannot be saved keeps the outcome for another try', async () => {
    const drive = await toResult(new Drive());
    drive.send({type: 'save-failed', seq: drive.last('save').seq, failure: failureOf('store-unwritable')});
    expect(drive.at).toBe('checklist');
    expect(drive.send(pick('save-again')).last('save').outcome).toBe('passed');
  });

  it('that is being saved is saved before Ctrl-C leaves; the second leaves at once', async () => {
    const drive = (await toResult(new Drive())).send({type: 'interrupt'});
    expect(drive.at).toBe('test');
    drive.send({type: 'saved', seq: drive.last('save').seq, name: 'acme'});
    expect([drive.at, drive.last('leave').ending]).toEqual(['ended', 'saved']);
    drive.last('clear-draft');
    const other = (await toResult(new Drive())).send({type: 'interrupt'}, {type: 'interrupt'});
    expect(other.last('leave').ending).toBe('interrupted');
  });

  it('asks for another name when it was taken meanwhile', async () => {
    const drive = await toResult(new Drive());
    drive.send({type: 'save-refused', seq: drive.last('save').seq, reason: 'taken'});
    expect([drive.at, drive.state.error]).toEqual(['name', 'taken']);
  });
});

describe('a draft', () => {
  const draft: Draft = {
    connector: 'jira-feeds',
    name: 'acme',
    description: 'kept',
    url: 'https://acme.atlassian.net',
    username: '',
    connection: noConnectionSettings,
    expiresAt: null,
    sealed: null,
    updatedAt: now.toISOString(),
  };
  const content = {
    v: 2,
    name: 'acme',
    description: 'kept',
    connector: 'jira-feeds',
    url: 'https://acme.atlassian.net',
    username: 'you@acme.com',
    scheme: 'basic',
    route: 'site',
    cloudId: null,
    accountKind: null,
    connection: noConnectionSettings,
    expiresAt: '2027-01-01',
    sealedAt: now.toISOString(),
    seq: 1,
    token: new Secret(token),
  } as const;

  it('is kept after every answer', () => {
    const drive = toUrl(new Drive());
    expect(drive.last('save-draft').answers).toMatchObject({connector: 'jira-software', name: 'acme'});
  });

  it('goes on at its first open question', () => {
    const drive = new Drive({draft});
    expect(drive.at).toBe('resume');
    expect(drive.send(pick('resume'), next).at).toBe('username');
    expect(drive.state.answers).toMatchObject({connector: 'jira-feeds', name: 'acme', description: 'kept'});
  });

  it('with a sealed token asks its passphrase, then tests', () => {
    const drive = new Drive({draft: {...draft, username: 'you@acme.com', sealed: 'SEAL'}}).send(pick('resume'));
    expect(drive.at).toBe('passphrase');
    drive.send(secret(passphrase));
    expect(drive.last('unlock').sealed).toBe('SEAL');
    drive.send({type: 'unlocked', seq: drive.last('unlock').seq, held: content});
    drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook});
    expect(drive.at).toBe('test');
    expect(drive.last('examine').target.token.reveal()).toBe(token);
    expect(drive.state.answers.expiresAt).toBe('2027-01-01');
  });

  it('stays as it lies while it is not opened yet: what is beside its seal must be what is in it', () => {
    const drive = new Drive({draft: {...draft, username: 'you@acme.com', sealed: 'SEAL'}}).send(pick('resume'));
    drive.send(back, text('me@acme.com'));
    expect(drive.take().filter(({type}) => /draft/.test(type))).toEqual([]);
    expect(drive.state.sealedDraft).toBe('SEAL');
  });

  it('is forgotten only by choice', () => {
    const drive = new Drive({draft});
    drive.take();
    expect(drive.send(pick('fresh')).at).toBe('connector');
    expect(drive.take()).toEqual([{type: 'clear-draft'}]);
  });

  it('with a sealed token is deleted only after a question', () => {
    const drive = new Drive({draft: {...draft, sealed: 'SEAL'}});
    drive.take();
    expect(drive.send(pick('fresh')).at).toBe('discard-draft');
    expect([drive.take(), drive.state.start.draft?.sealed]).toEqual([[], 'SEAL']);
    expect(drive.send(pick('keep')).at).toBe('resume');
    expect(drive.send(pick('fresh'), back).at).toBe('resume');
    expect(drive.send(pick('fresh'), pick('discard')).at).toBe('connector');
    expect(drive.take()).toEqual([{type: 'clear-draft'}]);
  });

  it('of a real credential survives a walk through the practice Jira', async () => {
    const drive = new Drive({draft: {...draft, sealed: 'SEAL'}, practice});
    expect(drive.at).toBe('connector');
    await toResult(drive);
    drive.send({type: 'saved', seq: drive.last('save').seq, name: 'acme'});
    expect(drive.at).toBe('done');
    expect(drive.take().filter(({type}) => /draft/.test(type))).toEqual([]);
  });

  it('of another practice run loses what has gone with it', () => {
    const gone = {...draft, url: 'https://localhost:9999', username: 'you@acme.com', sealed: 'SEAL'};
    const drive = new Drive({draft: gone, practice}).send(pick('resume'));
    expect(drive.at).toBe('url');
    expect(drive.state.sealedDraft).toBeNull();
  });
});

describe('the practice Jira', () => {
  it('gives every field its default, taken with Enter', () => {
    const drive = new Drive({practice}).send(pick('jira-software'), {type: 'skip'}, text('play'), text(''));
    drive.send(text(''), {type: 'looked', seq: 0, look: goodLook}, next, text(''));
    drive.send({type: 'generated', passphrase: new Secret(offered)}, secret(lastWord), next, secret(''), text(''));
    expect(drive.at).toBe('test');
    const {target} = drive.last('examine');
    expect([target.site.url, target.username, target.expiresAt]).toEqual([
      practice.url,
      practice.username,
      practice.expiresAt,
    ]);
    expect(target.token.reveal()).toBe(token);
  });

  it('is started where it is offered', () => {
    const drive = new Drive({}, {offersPractice: true});
    expect(ids(drive)).toEqual(['jira-software', 'jira-feeds', 'practice']);
    drive.send(pick('practice'));
    drive.send({type: 'practising', seq: drive.last('practise').seq, practice});
    expect(ids(drive)).toEqual(['jira-software', 'jira-feeds']);
    expect(drive.state.start.practice?.url).toBe(practice.url);
  });

  it('with a store of its own asks that store’s passphrase and spares its names', () => {
    const drive = new Drive({}, {offersPractice: true}).send(pick('practice'));
    const seq = drive.last('practise').seq;
    drive.send({type: 'practising', seq, practice: {...practice, existing: [{name: 'play'}], hasStore: true}});
    drive.send(pick('jira-software'), {type: 'skip'}, text('play'));
    expect(drive.at).toBe('name');
    drive.send(text('other'), text(''), text(''), next, text(''), secret(passphrase));
    expect(drive.last('unlock').sealed).toBeNull();
  });
});

describe('editing', () => {
  const edit = savedCredential('old');
  const content = {...edit, v: 2 as const, token: new Secret(token)};
  const open = (): Drive => {
    const drive = new Drive({edit, existing: [{name: 'old'}, {name: 'taken'}], hasStore: true}).send(
      secret(passphrase),
    );
    return drive.send({type: 'unlocked', seq: drive.last('unlock').seq, held: content});
  };

  it('opens the seal first, then offers every answer', () => {
    const drive = open();
    expect(drive.at).toBe('questions');
    expect(ids(drive)).toEqual([
      'test',
      'connector',
      'name',
      'description',
      'url',
      'username',
      'token',
      'expires',
      'proxy',
      'ca',
      'address',
      'timeout',
      'leave',
    ]);
  });

  it('tests, then replaces what was saved, with a higher seal number', async () => {
    const drive = open().send(pick('name'), text('new'));
    expect(drive.at).toBe('questions');
    drive.send(pick('test'));
    const examination = examinationOf(reportOf(null));
    drive.send({type: 'examined', seq: drive.last('examine').seq, examination, at});
    expect([drive.last('save').replaces, drive.last('save').content.seq]).toEqual(['old', edit.seq + 1]);
  });

  it('keeps its own name, refuses another’s', () => {
    expect(open().send(pick('name'), text('OLD')).at).toBe('questions');
    expect(open().send(pick('name'), text('Taken')).at).toBe('name');
  });

  it('keeps what was changed, sealed, as a draft of that credential; leaving gives it up', () => {
    const drive = open().send(pick('username'), text('me@acme.com'));
    expect(drive.last('seal-draft').answers).toMatchObject({edits: 'old', name: 'old', username: 'me@acme.com'});
    drive.send({type: 'draft-kept', sealed: true});
    expect(
      open()
        .send(pick('leave'))
        .take()
        .filter(({type}) => /draft/.test(type)),
    ).toEqual([]);
    expect(drive.send(pick('leave')).last('clear-draft')).toEqual({type: 'clear-draft'});
  });

  it('goes on with its own draft, and spares that of another credential', () => {
    const answers = {connector: edit.connector, name: 'old', description: '', url: edit.url, username: edit.username};
    const kept = {connection: noConnectionSettings, expiresAt: null};
    const draft = {...answers, ...kept, sealed: 'DRAFT', updatedAt: '2026-11-20T00:00:00.000Z'};
    const own = new Drive({edit, existing: [{name: 'old'}], hasStore: true, draft: {...draft, edits: 'old'}});
    expect(own.at).toBe('resume');
    own.send(pick('resume'), secret(passphrase));
    expect(own.last('unlock').sealed).toBe('DRAFT');
    own.send({type: 'unlocked', seq: own.last('unlock').seq, held: {...content, username: 'me@acme.com'}});
    expect([own.at, own.state.answers.username]).toEqual(['questions', 'me@acme.com']);
    for (const other of [draft, {...draft, edits: 'taken'}]) {
      const drive = new Drive({edit, existing: [{name: 'old'}], hasStore: true, draft: other}).send(secret(passphrase));
      drive.send({type: 'unlocked', seq: drive.last('unlock').seq, held: content});
      drive.send(pick('username'), text('me@acme.com'));
      expect(drive.take().filter(({type}) => /draft/.test(type))).toEqual([]);
    }
    const plain = new Drive({existing: [{name: 'old'}], hasStore: true, draft: {...draft, edits: 'old'}});
    expect([plain.at, plain.state.sparesDraft]).toEqual(['connector', true]);
  });
});
