import {expect, test} from 'vitest';
import {SealFault} from '../../source/vault/seal-fault.ts';
import {chooseWorkFactor, fullWorkFactor, memoryFor, requireMemory} from '../../source/vault/work-factor.ts';

const mebibyte = 1024 * 1024;

test('scrypt at work factor 18 takes 256 MiB', () => {
  expect(memoryFor(18)).toBe(256 * mebibyte);
});

test.each([
  [4096, 18, null],
  [260, 18, null],
  [259, 17, /2 times cheaper.*17 of 18/],
  [132, 17, /2 times/],
  [131, 16, /4 times cheaper.*16 of 18/],
  [68, 16, /4 times/],
])('with %i MiB free the work factor is %i', (free, logN, notice) => {
  const chosen = chooseWorkFactor(free * mebibyte, fullWorkFactor);
  expect(chosen.logN).toBe(logN);
  if (notice === null) expect(chosen.notice).toBeNull();
  else expect(chosen.notice).toMatch(notice);
});

test('too little memory is found before the derivation starts, with both numbers', () => {
  for (const attempt of [
    () => chooseWorkFactor(67 * mebibyte, fullWorkFactor),
    () => requireMemory(18, 200 * mebibyte),
  ]) {
    expect(attempt).toThrow(SealFault);
    expect(attempt).toThrow(expect.objectContaining({problem: expect.objectContaining({code: 'memory-too-small'})}));
  }
  expect(() => requireMemory(18, 200 * mebibyte)).toThrow('needs 260 MiB of memory, and 200 MiB are free');
  expect(() => requireMemory(17, 200 * mebibyte)).not.toThrow();
});
