// After a failure: the one cause, how sure it is, what was seen, what to do about it, and where to go from here.

import {checklistHeading, whoNames} from '../../diagnosis/report-text.ts';
import type {Action, Certainty, Failure} from '../../diagnosis/test-report.ts';
import {useRoom} from '../frame.tsx';
import type {Passage} from '../passages.ts';
import {Asking} from './asking.tsx';
import type {ScreenProps} from './screen-props.ts';

export function ChecklistScreen(props: ScreenProps) {
  const {trouble} = props.state;
  const {roomy} = useRoom();
  if (trouble === null) return null;
  const canGoBack = trouble.about !== 'save';
  return (
    <Asking
      {...props}
      title={checklistHeading}
      place={trouble.about === 'test' ? 9 : null}
      passages={[
        ...props.state.notices.map(text => ({text, tone: 'warn' as const})),
        ...failurePassages(trouble.failure, roomy),
      ]}
      canGoBack={canGoBack}
    />
  );
}

const certainties: Readonly<Record<Certainty, string>> = {
  proven: 'This is proven',
  likely: 'This is likely, not proven',
  possible: 'This is one of several possible causes',
};

/**
 * The verdict, how sure, the evidence, the actions in their order. Where a page holds little, what to do comes before
 * what was seen.
 */
export function failurePassages(failure: Failure, roomy: boolean): readonly Passage[] {
  const seen = failure.evidence.map(text => ({mark: '- ', text}));
  const actions = failure.checklist.flatMap(actionPassages);
  const sure = `${certainties[failure.certainty]} (${failure.code}).`;
  return [
    {text: failure.title, tone: 'strong'},
    ...(roomy || seen.length === 0
      ? [{text: `${sure}${seen.length > 0 ? ' Seen:' : ''}`}, ...seen, ...actions]
      : [{text: sure}, ...actions, {text: 'Seen', tone: 'strong' as const}, ...seen]),
  ];
}

/** Command and address stand at the margin, alone on their line and never shortened: they are there to be copied. */
function actionPassages({action, why, who, command, url}: Action, index: number): readonly Passage[] {
  const mark = `${index + 1}. `;
  const by = who === 'you' ? '' : `[${whoNames[who]}] `;
  return [
    {mark, text: `${by}${action}`, tone: 'strong'},
    ...(why === '' ? [] : [{mark: ' '.repeat(mark.length), text: why}]),
    ...(command === undefined ? [] : [{text: command, tone: 'code' as const}]),
    ...(url === undefined ? [] : [{text: url, tone: 'code' as const}]),
  ];
}
