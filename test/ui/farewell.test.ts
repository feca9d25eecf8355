import {describe, expect, it} from 'vitest';
import type {State} from '../../source/assistant/state.ts';
import {exitCodeOfFailure} from '../../source/diagnosis/diagnose.ts';
import {farewell} from '../../source/ui/farewell.ts';
import {failureOf, practice, reportOf, savedCredential} from '../assistant/doubles.ts';
import {
  Drive,
  next,
  passphrase,
  pick,
  secret,
  token,
  toPassphrase,
  toResult,
  toTest,
  toToken,
} from '../assistant/drive.ts';

const size = {width: 80, unicode: true};
const said = (state: State) => farewell(state, size);

async function savedState(drive = new Drive()): Promise<State> {
  await toResult(drive);
  return drive.send({type: 'saved', seq: drive.last('save').seq, name: 'acme'}, next).state;
}

describe('what stays in the scrollback', () => {
  it('after a pass: the steps, the tile, how to use it, the five labels in their order', async () => {
    const {kind, exitCode, scrollback} = said(await savedState());
    expect([kind, exitCode]).toEqual(['saved', 0]);
    for (const text of ['Connection test', 'jirakey test acme', 'jirakey exec acme -- CMD', 'jirakey export acme']) {
      expect(scrollback).toContain(text);
    }
    const at = ['Credential Name:', 'Credential Description:', 'JIRA Software URL:', 'Username:', 'API Token:'].map(
      label => scrollback.indexOf(label),
    );
    expect(at).toEqual([...at].sort((one, other) => one - other));
    expect(at[0]).toBeGreaterThan(0);
  });

  it('after practice: that the credential is of no use any more', async () => {
    const {scrollback} = said(await savedState(new Drive({practice})));
    expect(scrollback).toContain('practice Jira');
    expect(scrollback).not.toContain('jirakey exec');
  });

  it('after saving anyway: that it is untested, and why', async () => {
    const drive = await toResult(new Drive(), reportOf(failureOf('credentials-rejected', 'sign-in')));
    drive.send(pick('save'));
    drive.send({type: 'saved', seq: drive.last('save').seq, name: 'acme'}, next);
    const {exitCode, scrollback} = said(drive.state);
    expect(exitCode).toBe(0);
    expect(scrollback).toMatch(/marked untested/);
    expect(scrollback).toContain('Troubleshooting checklist');
  });

  it.each([
    ['credentials-rejected', 'sign-in', 4],
    ['dns-not-found', 'dns', 6],
    ['certificate-untrusted', 'tls', 8],
    ['site-not-found', 'site', 9],
  ] as const)('after leaving on %s: verdict, checklist, draft; exit %s %i', async (code, step, exitCode) => {
    const failure = failureOf(code, step);
    const ending = said((await toResult(new Drive(), reportOf(failure))).send(pick('leave')).state);
    expect([ending.kind, ending.exitCode]).toEqual(['left', exitCode]);
    expect(exitCodeOfFailure(failure)).toBe(exitCode);
    expect(ending.scrollback).toContain('Troubleshooting checklist');
    for (const {command, url} of failure.checklist) {
      for (const whole of [command, url]) if (whole) expect(ending.scrollback).toContain(whole);
    }
    expect(ending.scrollback).toMatch(/draft is kept/);
  });

  it('after five wrong passphrases: exit 10 and what helps', () => {
    const drive = toPassphrase(new Drive({hasStore: true}));
    for (let tries = 0; tries < 5; tries += 1) {
      drive.send(secret('no such'));
      drive.send({type: 'unlock-failed', seq: drive.last('unlock').seq, failure: failureOf('passphrase-wrong')});
    }
    const {kind, exitCode, scrollback} = said(drive.state);
    expect([kind, exitCode]).toEqual(['left', 10]);
    expect(scrollback).toContain('passphrase-wrong');
  });

  it('after Ctrl-C: 130, and what was kept', () => {
    const begun = said(toToken(new Drive()).send({type: 'interrupt'}).state);
    expect([begun.kind, begun.exitCode]).toEqual(['interrupted', 130]);
    expect(begun.scrollback).toContain('The draft is kept.');
    const drive = toToken(new Drive()).send(secret(token), {type: 'draft-kept', sealed: true}, {type: 'interrupt'});
    expect(said(drive.state).scrollback).toContain('its token sealed');
    expect(said(new Drive().send({type: 'interrupt'}).state).scrollback).toBe('Nothing was begun.');
  });

  it('after leaving an edit: that nothing was changed', () => {
    const edit = savedCredential('old');
    const {exitCode, scrollback} = said(new Drive({edit}).send({type: 'interrupt'}).state);
    expect([exitCode, scrollback]).toEqual([130, 'Nothing was changed: “old” is as it was.']);
  });

  it('holds no secret, and no escape', async () => {
    const states = [await savedState(), toTest(new Drive()).send({type: 'interrupt'}, {type: 'interrupt'}).state];
    for (const state of states) {
      const {scrollback} = said(state);
      for (const hidden of [token.slice(0, 24), passphrase, 'amber bridge']) expect(scrollback).not.toContain(hidden);
      expect(scrollback).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
  });

  it('is ASCII where the terminal is', async () => {
    expect(farewell(await savedState(), {width: 60, unicode: false}).scrollback).toMatch(/^[\n\u0020-\u007e]+$/);
  });
});
