// The credential is saved: its tile, how to use it, how to enter it in the platform's form.
import {form, tile, uses} from '../next-steps.ts';
import type {Passage} from '../passages.ts';
import {useTheme} from '../theme.ts';
import {Reading} from './reading.tsx';
import type {ScreenProps} from './screen-props.ts';

/** What follows is rehearsed, too; it would not work on this credential. */
const practiceNote: readonly Passage[] = [
  {text: 'That was practice', tone: 'strong'},
  {text: 'The practice Jira ends with this program. With a real credential you would go on like this:'},
];

export function DoneScreen({state, dispatch}: ScreenProps) {
  const {symbols} = useTheme();
  const passed = state.trial?.status === 'passed';
  const warnings = passed ? (state.trial?.result?.report.warnings ?? []) : [];
  const passages: readonly Passage[] = [
    passed
      ? {mark: `${symbols.passed} `, text: 'Connection test passed, credential saved.', tone: 'good'}
      : {mark: `${symbols.warning} `, text: 'Saved, marked untested.', tone: 'warn'},
    ...warnings.map(({title}) => ({mark: `${symbols.warning} `, text: title})),
    ...tile(state),
    ...(state.start.practice ? practiceNote : []),
    ...uses(state),
    ...form(state),
  ];
  return (
    <Reading
      title="What next"
      place={null}
      passages={passages}
      enter={{does: 'finish'}}
      onNext={() => dispatch({type: 'next'})}
    />
  );
}
