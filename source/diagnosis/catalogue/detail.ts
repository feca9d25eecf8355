/** What a step or a command added to the facts for one code. */
import type {Detail, DetailOf, Facts} from '../evidence.ts';

const isOf =
  <Code extends Detail['code']>(code: Code) =>
  (detail: Detail | null): detail is DetailOf<Code> =>
    detail?.code === code;

/** Null where nothing was added, or it is about another code. */
export function detailOf<Code extends Detail['code']>({detail}: Facts, code: Code): DetailOf<Code> | null {
  return isOf(code)(detail) ? detail : null;
}

/** By what that was judged which was typed: one sentence. */
export const reasonIn = ({detail}: Facts): string | null =>
  detail !== null && 'reason' in detail ? detail.reason : null;

/** A title that ends in that reason, where there is one. */
export function withReason(facts: Facts, sentence: string): string {
  const reason = reasonIn(facts);
  return reason === null ? sentence : `${sentence}: ${reason}`;
}
