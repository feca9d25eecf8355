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
    ['31 Dec 2026', '2026-12-31'],
    ['31-Dec-2026', '2026-12-31'],
    ['2027-1-5', '2027-01-05'],
    ['2026/12/31', '2026-12-31'],
    ['2026.12.31', '2026-12-31'],
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
    ['2027-02-29', /not a valid date/],
    ['2027-13-01', /not a valid date/],
    ['2027-00-10', /not a valid date/],
    ['31.12.2026', /seems to be 2026-12-31/],
    ['12/31/2026', /seems to be 2026-12-31/],
    ['3-3-2027', /seems to be 2027-03-03/],
    ['31.02.2027', /not a valid date/],
    ['01/02/2027', /may be 2027-02-01 or 2027-01-02/],
    ['Foo 31, 2027', /not a valid date/],
    ['Feb 30, 2027', /not a valid date/],
    ['tomorrow', /not a valid date/],
    ['90', /not a valid date/],
    ['+99999', /not a valid date/],
    ['-5', /not a valid date/],
    ['+', /not a valid date/],
    ['x'.repeat(1_000_000), /not a valid date/],
    [`${' '.repeat(500_000)}x`, /not a valid date/],
    ['2026-11-22', /2026-11-22 has passed/],
    ['1999-12-31', /has passed/],
  ])('refuses %#', (text, reason) => {
    const checked = checkExpiry(text, now);
    expect(checked.ok ? 'accepted' : checked.reason).toMatch(reason);
  });

  test('the example in the hint is never a day that has passed', () => {
    const checked = checkExpiry('tomorrow', now);
    const [day = ''] = /\d{4}-\d{2}-\d{2}/.exec(checked.ok ? '' : checked.reason) ?? [];
    expect(checkExpiry(day, now)).toMatchObject({ok: true, expiresAt: day});
  });

  test.each(
    ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(
      (month, index) => [index, month] as const,
    ),
  )('month %i is %s', (index, month) => {
    const day = `2027-${String(index + 1).padStart(2, '0')}-07`;
    const full = new Date(day).toLocaleString('en', {month: 'long', timeZone: 'UTC'});
    for (const text of [`7 ${month} 2027`, `${month}. 7, 2027`, `${full} 7, 2027`])
      expect(checkExpiry(text, now), text).toMatchObject({ok: true, expiresAt: day});
  });

  test('the furthest day is 36500 days away', () => {
    expect(checkExpiry('+36500', now).ok).toBe(true);
    expect(checkExpiry('+36501', now).ok).toBe(false);
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
