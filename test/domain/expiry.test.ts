import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkExpiry, expiryNotice} from '../../source/domain/expiry.ts';

const now = new Date('2026-11-23T22:30:00Z');

describe('checkExpiry', () => {
  test.each([
    ['2027-01-31', '2027-01-31'],
    [' 2027-01-31 ', '2027-01-31'],
    ['2028-02-29', '2028-02-29'],
    ['2026-11-23', '2026-11-23'],
    ['2027-01-31T12:00:00Z', '2027-01-31'],
    ['2027-01-31T12:00:00.000+0000', '2027-01-31'],
    ['+90', '2027-02-21'],
    ['+ 90 days', '2027-02-21'],
    ['90 days', '2027-02-21'],
    ['90d', '2027-02-21'],
    ['in 1 day', '2026-11-24'],
    ['+0', '2026-11-23'],
    ['+365', '2027-11-23'],
    ['Jan 31, 2027', '2027-01-31'],
    ['January 5 2027', '2027-01-05'],
    ['31 Jan 2027', '2027-01-31'],
    ['5. december 2026', '2026-12-05'],
    ['', null],
    ['  ', null],
    ['unknown', null],
    ['Never', null],
    ['?', null],
  ])('%j → %s', (text, expiresAt) => {
    expect(checkExpiry(text, now)).toEqual({
      ok: true,
      expiresAt,
      note: text === '2028-02-29' ? expect.any(String) : null,
    });
  });

  test.each([
    ['2027-02-29', /no day of the calendar/],
    ['2027-13-01', /no day/],
    ['2027-00-10', /no day/],
    ['2027-1-5', /no day/],
    ['31.01.2027', /no day/],
    ['01/02/2027', /no day/],
    ['Foo 31, 2027', /no day/],
    ['Feb 30, 2027', /no day/],
    ['tomorrow', /no day/],
    ['90', /no day/],
    ['+99999', /no day/],
    ['-5', /no day/],
    ['+', /no day/],
    ['x'.repeat(1_000_000), /no day/],
    [`${' '.repeat(500_000)}x`, /no day/],
    ['2026-11-22', /2026-11-22 is past/],
    ['1999-12-31', /is past/],
  ])('refuses %#', (text, reason) => {
    const checked = checkExpiry(text, now);
    expect(checked.ok ? 'accepted' : checked.reason).toMatch(reason);
  });

  test('a day beyond what Cloud gives is accepted with a word on it', () => {
    expect(checkExpiry('+366', now)).toMatchObject({ok: true, note: null});
    expect(checkExpiry('+367', now)).toMatchObject({
      ok: true,
      expiresAt: '2027-11-25',
      note: expect.stringMatching(/365/),
    });
  });

  test('days from today are days of the calendar, and what is accepted is accepted again', () => {
    fc.assert(
      fc.property(
        fc.nat({max: 5000}),
        fc.date({min: new Date('2026-01-01'), max: new Date('2090-01-01'), noInvalidDate: true}),
        (days, today) => {
          const checked = checkExpiry(`+${days}`, today);
          if (!checked.ok || checked.expiresAt === null) throw new Error('a span was not accepted');
          expect(checkExpiry(checked.expiresAt, today)).toEqual(checked);
          expect(expiryNotice(checked.expiresAt, today).days).toBe(days);
        },
      ),
    );
  });
});

describe('expiryNotice', () => {
  test.each([
    [null, null, 'expiry date unknown', 'unknown'],
    ['not a day', null, 'expiry date unknown', 'unknown'],
    ['2026-12-16', 23, 'expires in 23 days', 'soon'],
    ['2026-12-23', 30, 'expires in 30 days', 'soon'],
    ['2026-12-24', 31, 'expires in 31 days', 'fine'],
    ['2026-11-24', 1, 'expires tomorrow', 'soon'],
    ['2026-11-23', 0, 'expires today', 'soon'],
    ['2026-11-22', -1, 'expired yesterday', 'expired'],
    ['2026-11-13', -10, 'expired 10 days ago', 'expired'],
  ])('%s', (expiresAt, days, text, state) => {
    expect(expiryNotice(expiresAt, now)).toEqual({days, text, state});
  });
});
