/** Every failure and warning jirakey names. The codes are public: `--json`, `explain CODE`, `practice --fault CODE`. */
import {accounts} from './account.ts';
import {addresses, typed} from './before.ts';
import {trust} from './certificate.ts';
import {dates} from './certificate-dates.ts';
import {feeds} from './feed.ts';
import {handshake} from './handshake.ts';
import {permissions} from './permission.ts';
import {redirects, strangers} from './place.ts';
import {proxy} from './proxy.ts';
import {reaching} from './reaching.ts';
import {refusals} from './refusal.ts';
import {rejections} from './rejection.ts';
import type {Row, Rows} from './row.ts';
import {availability, unread} from './site.ts';
import {files, sealed} from './store.ts';

const rows = {
  ...addresses,
  ...typed,
  ...reaching,
  ...proxy,
  ...trust,
  ...dates,
  ...handshake,
  ...availability,
  ...redirects,
  ...strangers,
  ...unread,
  ...rejections,
  ...refusals,
  ...accounts,
  ...permissions,
  ...feeds,
  ...sealed,
  ...files,
} satisfies Rows;

export type FailureCode = keyof typeof rows;

export const catalogue: Readonly<Record<FailureCode, Row>> = rows;

/** All codes, in the order a connection meets them. */
export const failureCodes = Object.keys(rows).filter((code): code is FailureCode => code in rows);

export const isFailureCode = (text: string): text is FailureCode => Object.hasOwn(rows, text);

export type {Row};
