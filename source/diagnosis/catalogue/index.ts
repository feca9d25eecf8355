/** Every failure and warning jirakey names. The codes are public: `--json`, `explain CODE`, `practice --fault CODE`. */
import {accounts, feeds, permissions} from './account.ts';
import {addresses, typed} from './before.ts';
import {redirects, strangers} from './place.ts';
import {proxy} from './proxy.ts';
import {reaching} from './reaching.ts';
import type {Row, Rows} from './row.ts';
import {refusals, rejections} from './sign-in.ts';
import {availability, unread} from './site.ts';
import {files, sealed} from './store.ts';
import {dates, handshake, trust} from './tls.ts';

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
