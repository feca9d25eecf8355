import {expect, test, vi} from 'vitest';
import {examine} from '../../source/connection/examine.ts';
import {syntheticToken} from '../support/jira.ts';
import {reach, target} from './lab.ts';

const parsed = vi.hoisted(() => ({times: 0}));
vi.mock('../../source/connection/trust.ts', async original => {
  const trust = await original<typeof import('../../source/connection/trust.ts')>();
  return {
    ...trust,
    loadTrust: (...given: Parameters<typeof trust.loadTrust>) => {
      const loaded = trust.loadTrust(...given);
      const context = () => {
        parsed.times += 1;
        return loaded.context();
      };
      return {...loaded, context};
    },
  };
});

test.each([
  ['https://127.0.0.1:1', 1],
  ['http://127.0.0.1:1', 0],
])('the CAs for %s are parsed before the first step is timed', async (url, times) => {
  parsed.times = 0;
  const steps = examine(target(url, syntheticToken()), await reach(), new AbortController().signal);
  expect(await steps.next()).toMatchObject({value: {type: 'started', id: 'dns'}});
  expect(parsed.times).toBe(times);
  expect(await steps.next()).toMatchObject({value: {type: 'finished', step: {id: 'dns'}}});
  expect(parsed.times).toBe(times);
  for (let next = await steps.next(); next.done !== true; next = await steps.next());
});
