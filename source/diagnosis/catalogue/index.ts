/** The row of every code: what jirakey knows about it. */
import type {FailureCode} from '../codes.ts';
import {accounts} from './account-rows.ts';
import {dates} from './certificate-dates-rows.ts';
import {trust} from './certificate-rows.ts';
import {feeds} from './feed-rows.ts';
import {handshake} from './handshake-rows.ts';
import {addresses, named, typed} from './input-problem-rows.ts';
import {permissions} from './permission-rows.ts';
import {proxy} from './proxy-rows.ts';
import {reaching} from './reaching-rows.ts';
import {refusals} from './refusal-rows.ts';
import {rejections} from './rejection-rows.ts';
import type {Row} from './row.ts';
import {availability, unread} from './site-rows.ts';
import {files, sealed} from './store-rows.ts';
import {redirects, strangers} from './stranger-rows.ts';

export const catalogue: Readonly<Record<FailureCode, Row>> = {
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
  ...named,
  ...sealed,
  ...files,
};
