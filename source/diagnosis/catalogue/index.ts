/** The row of every code: what jirakey knows about it. */
import type {FailureCode} from '../codes.ts';
import {accounts} from './account-rows.ts';
import {addresses} from './address-rows.ts';
import {dates} from './certificate-dates-rows.ts';
import {trust} from './certificate-rows.ts';
import {elsewhere} from './elsewhere-rows.ts';
import {feeds} from './feed-rows.ts';
import {handshake} from './handshake-rows.ts';
import {interception} from './interception-rows.ts';
import {named} from './named-rows.ts';
import {permissions} from './permission-rows.ts';
import {policies} from './policy-rows.ts';
import {proxy} from './proxy-rows.ts';
import {reaching} from './reaching-rows.ts';
import {redirects} from './redirect-rows.ts';
import {refusals} from './refusal-rows.ts';
import {rejections} from './rejection-rows.ts';
import type {Row} from './row.ts';
import {scopes} from './scope-rows.ts';
import {availability, unread} from './site-rows.ts';
import {files, sealed} from './store-rows.ts';
import {typed} from './token-rows.ts';
import {unclear} from './unclear-rows.ts';

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
  ...interception,
  ...elsewhere,
  ...unread,
  ...rejections,
  ...scopes,
  ...refusals,
  ...policies,
  ...unclear,
  ...accounts,
  ...permissions,
  ...feeds,
  ...named,
  ...sealed,
  ...files,
};
