/** The assistant driven by keys, from the first screen to the last. */
import {cleanup, render} from 'ink-testing-library';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {Session} from '../../source/assistant/assistant-session.ts';
import type {Ports} from '../../source/assistant/ports.ts';
import type {Start, State} from '../../source/assistant/state.ts';
import {own} from '../../source/domain/clean.ts';
import {App} from '../../source/ui/app.tsx';
import {farewell} from '../../source/ui/farewell.ts';
import {ViewportContext} from '../../source/ui/theme.ts';
import {doubles, examining, failureOf, practice, reportOf, savedCredential, start} from '../assistant/doubles.ts';
import {passphrase, token} from '../assistant/drive.ts';

afterEach(cleanup);

const enter = '\r';
const shiftTab = '\u001b[Z';
const down = '\u001b[B';

function play(change: Partial<Start> = {}, ports: Partial<Ports> = {}, rows = 24) {
  const world = doubles(ports, change.hasStore || change.edit ? [savedCredential('old')] : []);
  let ended: State | null = null;
  const bugs: unknown[] = [];
  const session = new Session(start(change), world.ports, {
    onEnd: state => {
      ended = state;
    },
    onBug: error => bugs.push(error),
  });
  const {stdin, lastFrame, frames} = render(
    <ViewportContext value={{columns: 80, rows}}>
      <App session={session} />
    </ViewportContext>,
  );
  const sees = (text: string) => vi.waitFor(() => expect(lastFrame()).toContain(text), {timeout: 5000, interval: 5});
  /** Waits for the words, then presses the keys, each in a turn of its own as a terminal would. */
  const at = async (text: string, ...keys: readonly string[]) => {
    await sees(text);
    for (const key of keys) {
      await new Promise<void>(resolve => setImmediate(resolve));
      stdin.write(key);
      await new Promise<void>(resolve => setImmediate(resolve));
    }
  };
  const end = () =>
    vi.waitFor(
      () => {
        if (ended === null) throw new Error('not over yet');
        return farewell(ended, {width: 80, unicode: true});
      },
      {timeout: 5000, interval: 5},
    );
  return {...world, session, at, sees, end, frames, bugs, lastFrame};
}

describe('with the keys of a keyboard', () => {
  it('a credential is made, tested and saved', async () => {
    const {at, end, saved, drafts, frames, bugs} = play();
    await at('1 of 9', down, enter);
    await at('Prerequisites 1/9', 's');
    await at('3 of 9', 'acme', enter);
    await at('4 of 9', 'Feeds of the data team', enter);
    await at('5 of 9', 'acme.atlassian.net/browse/ABC-1', enter);
    await at('Jira Cloud answers', 'you@acme.com', enter);
    await at('[its last word', 'fabric', enter);
    await at('8 of 9 · API Token', `\u001b[200~ ${token}\n\u001b[201~`, enter);
    await at('192 characters, checksum OK', '+90', enter);
    await at('Connection test passed', ' ', enter);
    const {kind, exitCode} = await end();
    expect([kind, exitCode]).toEqual(['saved', 0]);
    expect(saved.map(({name, connector, url, expiresAt}) => [name, connector, url, expiresAt])).toEqual([
      ['acme', 'jira-feeds', 'https://acme.atlassian.net', '2027-02-21'],
    ]);
    expect(JSON.parse(saved[0]?.sealed ?? '').content.token).toBe(token);
    expect(drafts.at(-1)).toBeNull();
    expect(bugs).toEqual([]);
    const everything = frames.join('').replaceAll(/\u001b\[[0-9;]*m/g, '');
    expect(everything).not.toContain(token.slice(20, 40));
  });

  it('the practice Jira is walked through by Enter alone, but for the name', async () => {
    const {at, end, saved} = play({practice});
    await at('1 of 9', enter);
    for (let index = 1; index <= 9; index += 1) await at(`Prerequisites ${index}/9`, enter);
    await at('3 of 9', 'play', enter);
    await at('4 of 9', enter);
    await at('[https://localhost:8443]', enter);
    await at('[you@acme.com]', enter);
    await at('[Enter, or your own', enter);
    await at('[practice token: Enter takes it]', enter);
    await at('[2027-05-01]', enter);
    await at('Connection test passed', ' ', enter);
    expect((await end()).kind).toBe('saved');
    expect(saved[0]?.url).toBe('https://localhost:8443');
  });

  it('a passphrase is typed, rated, mistyped, and confirmed', async () => {
    const {at, sees} = play({practice});
    await at('1 of 9', enter);
    await at('Prerequisites', 's');
    await at('3 of 9', 'play', enter);
    await at('4 of 9', enter);
    await at('5 of 9', enter);
    await at('6 of 9', enter);
    await at('[Enter, or your own', 'short', enter);
    await sees('Too short');
    await at('[Enter, or your own', passphrase, enter);
    await at('Confirm passphrase', 'something else', enter);
    await at('do not match', passphrase, enter);
    await sees('8 of 9 · API Token');
  });

  it('the wrong field is fixed from the checklist, and the test runs again', async () => {
    const reports = [reportOf(failureOf('credentials-rejected', 'sign-in')), reportOf(null)];
    const usernames: string[] = [];
    const {at, end} = play(
      {practice},
      {
        examine: target => {
          usernames.push(target.username);
          return examining(reports.shift() ?? reportOf(null));
        },
      },
    );
    await at('1 of 9', enter);
    await at('Prerequisites', 's');
    await at('3 of 9', 'play', enter);
    for (const place of ['4 of 9', '5 of 9', '6 of 9', '[Enter, or your own', 'practice token', '[2027-05-01]'])
      await at(place, enter);
    await at('Troubleshooting checklist', '\u001b[A', enter);
    await at('6 of 9 · Username', '\u0015', 'me@acme.com', enter);
    await at('Connection test passed', ' ', enter);
    expect((await end()).exitCode).toBe(0);
    expect(usernames).toEqual(['you@acme.com', 'me@acme.com']);
  });

  it('going back shows what was typed, also what was not accepted yet', async () => {
    const {at, sees} = play({}, {}, 15);
    await at('1 of 9', enter);
    await at('Prerequisites', 's');
    await at('3 of 9', 'acme', enter);
    await at('4 of 9', 'half a sen', shiftTab);
    await sees('› acme');
    await at('3 of 9', enter);
    await sees('› half a sen');
  });

  it('? opens the help of an empty field, any key closes it', async () => {
    const {at, sees} = play();
    await at('1 of 9', enter);
    await at('Prerequisites', 's');
    await at('3 of 9', '?');
    await at('Help: Credential Name', 'x');
    await sees('3 of 9');
  });

  it('the passphrase of a store is tried five times', async () => {
    const {at, end} = play({hasStore: true, practice});
    await at('1 of 9', enter);
    await at('Prerequisites', 's');
    await at('3 of 9', 'play', enter);
    await at('4 of 9', enter);
    await at('5 of 9', enter);
    await at('6 of 9', enter);
    await at('7 of 9', 'wrong', enter);
    for (const left of ['4 more', '3 more', '2 more', 'One more']) await at(left, 'wrong', enter);
    expect(await end()).toMatchObject({kind: 'left', exitCode: 10});
  });

  it('a saved credential is edited after its passphrase', async () => {
    const edit = savedCredential('old');
    const {at, end, saved} = play({edit, existing: [{name: 'old'}], hasStore: true});
    await at('Passphrase', passphrase, enter);
    await at('Editing “old”', '4', enter);
    await at('4 of 9', ' and described', enter);
    await at('made before and described', '1', enter);
    await at('Connection test passed', ' ', enter);
    expect((await end()).kind).toBe('saved');
    expect(saved.map(({description, seq}) => [description, seq])).toEqual([
      ['made before and described', edit.seq + 1],
    ]);
  });

  it('a failing store is told before a secret is asked, and tried again', async () => {
    let writable = false;
    const check: Ports['check'] = async id =>
      id !== 'store' || writable
        ? {state: 'ok', text: own('As it should be.'), more: []}
        : {state: 'failed', text: own('Cannot be written: /store'), more: []};
    const {at, sees} = play({practice}, {check});
    await at('1 of 9', enter);
    await at('Cannot be written', 's');
    await at('3 of 9', 'play', enter);
    await at('4 of 9', enter);
    await at('5 of 9', enter);
    await at('6 of 9', enter);
    await sees('Cannot be written');
    writable = true;
    await at('check again', enter);
    await at('As it should be.', enter);
    await sees('7 of 9');
  });
});
