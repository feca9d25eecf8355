/** Which answer a failure points to: the field the user is offered to fix first. */
import {catalogue} from '../diagnosis/catalogue/index.ts';
import type {FailureCode} from '../diagnosis/codes.ts';
import {fieldOf} from '../diagnosis/remedy.ts';
import type {FieldId} from '../domain/field.ts';

/** The fields a failure points to, the likeliest first; none when no answer of the user's caused it. */
export const fieldsToFix = (code: FailureCode): readonly FieldId[] =>
  catalogue[code].remedies.flatMap(remedy => fieldOf(remedy) ?? []);
