// The probe of the site has not come back: a wrong site is named before a secret is typed.
import {Text, useInput} from 'ink';
import {labels} from '../../domain/credential.ts';
import {Frame, keys} from '../frame.tsx';
import {LookLine} from '../look-line.tsx';
import type {ScreenProps} from './screen-props.ts';

export function SiteWaitScreen({state, dispatch}: ScreenProps) {
  useInput((_input, key) => {
    if (key.tab && key.shift) dispatch({type: 'back'});
    else if (key.return) dispatch({type: 'next'});
  });
  return (
    <Frame title={labels.url} place={5} hints={[{key: 'Enter', does: 'do not wait'}, keys.back, keys.leave]}>
      {state.notices.map(text => (
        <Text key={text} wrap="truncate" dimColor>
          {text}
        </Text>
      ))}
      <Text>Before a secret is asked: does Jira answer there?</Text>
      <LookLine state={state} air={false} />
    </Frame>
  );
}
