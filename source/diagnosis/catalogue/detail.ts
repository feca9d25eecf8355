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
