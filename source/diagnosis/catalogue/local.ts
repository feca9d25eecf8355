/** Values a step or the store adds to the facts for one failure or warning. */
import type {Facts} from '../evidence.ts';

export const local = (facts: Facts, key: string): string | null => facts.local[key] ?? null;

/** A list written with commas. */
export const listed = (text: string | null): readonly string[] =>
  text === null ? [] : text.split(/[\s,]+/).filter(each => each !== '');
