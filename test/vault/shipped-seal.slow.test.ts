/**
 * What a seal of the program that ships costs to guess. The other tests run a build whose seals are cheap; here the
 * difference is what is looked at.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openStore} from '../../source/store/store.ts';
import {workFactorOf} from '../../source/vault/store-key.ts';
import {chooseWorkFactor} from '../../source/vault/work-factor.ts';
import {program, shippedProgram} from '../support/build.ts';
import {syntheticToken} from '../support/jira.ts';
import {folder, type ProgramOptions, run} from '../support/program.ts';

let place: ReturnType<typeof folder>;
beforeEach(() => {
  place = folder();
  writeFileSync(join(place.path, 'token'), syntheticToken(), {mode: 0o600});
  writeFileSync(join(place.path, 'passphrase'), 'orbit-velvet-canyon-ticket-wagon-sugar', {mode: 0o600});
});
afterEach(() => place.remove());

/** Saves a credential and reads what stands in the header of the store's key. */
async function savedFactor(options: ProgramOptions): Promise<number | null> {
  const directory = join(place.path, 'store');
  const argv = [
    ...['setup', '--no-input', '--save-untested', '--name', 'acme', '--store', directory],
    ...['--url', 'https://acme.atlassian.net', '--username', 'you@acme.com'],
    ...['--token-file', join(place.path, 'token'), '--passphrase-file', join(place.path, 'passphrase')],
  ];
  expect(await run(argv, options)).toMatchObject({code: 0});
  return workFactorOf((await openStore(directory).read()).ring?.identity ?? '');
}

test('it seals at work factor 18, whatever the environment says', async () => {
  const env = {JIRAKEY_TEST_WORK_FACTOR: '10', JIRAKEY_WORK_FACTOR: '10', WORK_FACTOR: '10'};
  expect(await savedFactor({program: shippedProgram, env})).toBe(18);
});

test('the build of the tests seals at 10, and what ships has no trace of that switch', async () => {
  expect(await savedFactor({program})).toBe(10);
  expect(chooseWorkFactor().logN).toBe(10);
  const parts = join(dirname(shippedProgram), 'parts');
  const texts = [shippedProgram, ...readdirSync(parts).map(name => join(parts, name))].map(path =>
    readFileSync(path, 'utf8'),
  );
  expect(texts.filter(text => text.includes('TEST_WORK_FACTOR'))).toEqual([]);
});
