/** A save that rests on what was read a while ago must not undo what another jirakey did meanwhile. */
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openStore, type Store} from '../../source/store/store.ts';
import {faultOf, saved, temporaryFolder} from './samples.ts';

let place: ReturnType<typeof temporaryFolder>;
let store: Store;
const before = saved('acme', {sealed: 'before'});
beforeEach(async () => {
  place = temporaryFolder();
  store = openStore(place.folder);
  await store.save(before);
});
afterEach(() => place.remove());

const learnt = saved('acme', {sealed: 'learnt', scheme: 'bearer'});
const late = () => store.save(learnt, {replace: true, sealedStill: before.sealed});

describe('a save that expects a seal', () => {
  test('replaces the credential that still has it', async () => {
    await late();
    expect((await store.read()).credentials).toEqual([learnt]);
  });

  test('leaves one that was sealed anew', async () => {
    const rotated = saved('acme', {sealed: 'rotated'});
    await store.save(rotated, {replace: true});
    expect((await faultOf(late())).code).toBe('store-busy');
    expect((await store.read()).credentials).toEqual([rotated]);
  });

  test('does not bring back one that was removed', async () => {
    await store.remove('acme');
    expect((await faultOf(late())).code).toBe('store-busy');
    expect((await store.read()).credentials).toEqual([]);
  });
});
