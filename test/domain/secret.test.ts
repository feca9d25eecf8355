import {inspect} from 'node:util';
import {expect, test} from 'vitest';
import {Secret} from '../../source/domain/secret.ts';

test('a secret leaves by reveal() alone', () => {
  const secret = new Secret('correct horse');
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({secret}),
    inspect(secret, {showHidden: true, depth: 9}),
    inspect({secret}),
    Object.values(secret).join(),
    JSON.stringify(structuredClone({...secret})),
  ];
  for (const text of shown) expect(text).not.toContain('horse');
  expect(secret.reveal()).toBe('correct horse');
  expect(secret.length).toBe(13);
});
