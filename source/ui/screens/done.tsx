// The credential is saved: its tile, how to use it, how to enter it in the platform's form.
import {onlyHereText} from '../../domain/connection-choice.ts';
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
  const {onlyHere} = state;
  const passed = state.trial?.status === 'passed';
  const warnings = passed ? (state.trial?.result?.report.warnings ?? []) : [];
  const passages: readonly Passage[] = [
    passed
      ? {mark: `${symbols.passed} `, text: 'Connection test passed, credential saved.', tone: 'good'}
      : {mark: `${symbols.warning} `, text: 'Saved, marked untested.', tone: 'warn'},
    ...state.notices.map(text => ({text})),
    ...(onlyHere === null
      ? []
      : [
          {
            mark: `${symbols.warning} `,
            text: `Only variables of this shell name ${onlyHereText(onlyHere)}: a job without them, such as cron’s, may not reach the site. k keeps it with the credential.`,
          },
        ]),
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
      also={
        onlyHere === null
          ? []
          : [
              {
                hint: {key: 'k', does: 'keep the connection'},
                onPress: () => dispatch({type: 'choose', choice: 'keep-connection'}),
              },
            ]
      }
    />
  );
}
