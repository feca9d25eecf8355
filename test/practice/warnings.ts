import type {FailureCode} from '../../source/diagnosis/codes.ts';

/** Scenarios that are told beside a pass; every other one fails the test. */
export const warnings: readonly FailureCode[] = [
  'token-expires',
  'token-needs-gateway',
  'pat-needs-bearer',
  'account-differs',
  'permission-advisory',
  'feed-unavailable',
];
