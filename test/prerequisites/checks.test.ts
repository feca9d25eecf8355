import {describe, expect, it} from 'vitest';
import {StoreFault} from '../../source/domain/fault.ts';
import {type CheckFacts, makeChecks} from '../../source/prerequisites/checks.ts';

type Found = Awaited<ReturnType<CheckFacts['store']['check']>>;
const fine: Found = {exists: true, writable: true, private: true, fault: null, notices: []};

function checks(change: Partial<Omit<CheckFacts, 'store'>> = {}, found: Partial<Found> = {}) {
  return makeChecks({
    store: {path: '/home/me/my store/config.json', check: async () => ({...fine, ...found})},
    terminal: {interactive: true, dumb: false, screenReader: false},
    env: {},
    caFile: null,
    proxy: null,
    ...change,
  });
}
const all = ({text, more}: {text: string; more: readonly string[]}): string => [text, ...more].join('\n');

describe('the store', () => {
  it('that is ready is named', async () => {
    expect(await checks()('store')).toEqual({
      state: 'ok',
      text: expect.stringContaining('/home/me/my store/config.json'),
      more: [],
    });
  });

  it('with something to say is a note', async () => {
    expect(await checks({}, {notices: ['Its folder was made private.']})('store')).toMatchObject({
      state: 'note',
      more: ['Its folder was made private.'],
    });
  });

  it('that cannot be written stops, with what to do', async () => {
    const result = await checks({}, {writable: false})('store');
    expect(result.state).toBe('failed');
    expect(all(result)).toContain('--store DIR');
  });

  it('that others can read stops, with the command that cures it', async () => {
    const result = await checks({}, {private: false})('store');
    expect(result.state).toBe('failed');
    expect(all(result)).toContain("chmod -R go-rwx '/home/me/my store'");
  });

  it('with a fault stops, with its code', async () => {
    const fault = new StoreFault({
      code: 'store-newer',
      path: '/home/me/\u001b[31mstore/config.json',
      version: 3,
      supported: 2,
    });
    const result = await checks({}, {fault})('store');
    expect([result.state, result.text]).toEqual([
      'failed',
      '/home/me/ store/config.json was written by a newer jirakey (version 3, this one reads 2)',
    ]);
    expect(all(result)).toContain('jirakey explain store-newer');
  });
});

describe('the terminal', () => {
  it.each([
    [{interactive: true, dumb: false, screenReader: false}, 'ok'],
    [{interactive: true, dumb: false, screenReader: true}, 'ok'],
    [{interactive: true, dumb: true, screenReader: false}, 'note'],
    [{interactive: false, dumb: false, screenReader: false}, 'failed'],
  ])('%o is %s', async (terminal, state) => {
    expect((await checks({terminal})('terminal')).state).toBe(state);
  });
});

describe('the way out', () => {
  it('names the variable a proxy comes from, never its password', async () => {
    const result = await checks({env: {https_proxy: 'http://me:secret@proxy.acme.example:3128', NO_PROXY: 'intern'}})(
      'network',
    );
    expect(result.text).toContain('http://proxy.acme.example:3128');
    expect(result.text).toContain('https_proxy');
    expect(all(result)).toContain('intern');
    expect(all(result)).not.toContain('secret');
  });

  it('prefers what the command line says', async () => {
    const result = await checks({proxy: 'http://a:1', caFile: '/etc/ca.pem', env: {HTTPS_PROXY: 'http://b:2'}})(
      'network',
    );
    expect(all(result)).toContain('http://a:1');
    expect(all(result)).toContain('/etc/ca.pem');
    expect(all(result)).not.toContain('http://b:2');
  });

  it('takes an empty --proxy for none', async () => {
    expect(all(await checks({proxy: '', env: {HTTPS_PROXY: 'http://b:2'}})('network'))).not.toContain('http://b:2');
  });

  it('stops nobody', async () => {
    expect((await checks()('network')).state).toBe('ok');
  });
});
