/** What a failure offers to do in place, and which answer it points to. */
import {catalogue} from '../diagnosis/catalogue/index.ts';
import type {FailureCode} from '../diagnosis/codes.ts';
import {fieldOf, type Remedy} from '../diagnosis/remedy.ts';
import type {Action, Failure} from '../diagnosis/test-report.ts';
import type {FieldId} from '../domain/field.ts';
import type {State} from './state.ts';

/** The fields a failure points to, the likeliest first; none when no answer of the user's caused it. */
export const fieldsToFix = (code: FailureCode): readonly FieldId[] =>
  catalogue[code].remedies.flatMap(remedy => fieldOf(remedy) ?? []);

/** The failure whose checklist is on the screen. */
export function failureShown({screen, trouble, look}: State): Failure | null {
  if (screen.at === 'site-wrong') return look?.result?.failure ?? null;
  return trouble?.failure ?? null;
}

export const actionsShown = (state: State): readonly Action[] => failureShown(state)?.checklist ?? [];

/** What the code offers beyond the actions of its checklist. */
export function furtherRemedies(failure: Failure): readonly Remedy[] {
  const offered = new Set(failure.checklist.map(({remedy}) => remedy));
  return catalogue[failure.code].remedies.filter(remedy => !offered.has(remedy));
}
