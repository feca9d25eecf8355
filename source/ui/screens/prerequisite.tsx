// One prerequisite: what it is about, and the tick of the check that was done or of the user's Enter.

import {prerequisitesOf} from '../../assistant/navigation.ts';
import type {Line} from '../../prerequisites/prerequisites.ts';
import {useRoom} from '../frame.tsx';
import type {Passage} from '../passages.ts';
import {type Theme, useTheme} from '../theme.ts';
import {Reading} from './reading.tsx';
import type {ScreenProps} from './screen-props.ts';

const skipping = 'I have my token: skip ahead';

export function Prerequisite({state, dispatch, index}: ScreenProps & {index: number}) {
  const theme = useTheme();
  const {columns} = useRoom();
  const list = prerequisitesOf(state);
  const item = list[index];
  if (!item) return null;
  const stopped = state.screen.at === 'prerequisite' && state.screen.next !== null;
  const failed = item.check !== null && state.checks[item.check]?.state === 'failed';
  return (
    <Reading
      title={`Prerequisites ${index + 1}/${list.length}`}
      place={2}
      passages={[
        {text: item.title, tone: 'strong'},
        ...checked(state, item.check, theme),
        ...linesOf(item.lines),
        ...(columns < 76 && !stopped ? [{text: `s: ${skipping}`, tone: 'dim' as const}] : []),
      ]}
      enter={
        failed
          ? {does: 'check again', briefly: 'retry'}
          : item.check
            ? {does: 'next'}
            : {does: 'I have it', briefly: 'ok'}
      }
      onNext={() => dispatch({type: 'next'})}
      onBack={() => dispatch({type: 'back'})}
      also={
        stopped ? [] : [{hint: {key: 's', does: skipping, briefly: 'skip'}, onPress: () => dispatch({type: 'skip'})}]
      }
    />
  );
}

/** What the program found out by itself; nothing for what only the user can know. */
function checked(
  state: ScreenProps['state'],
  id: keyof typeof state.checks | null,
  {symbols}: Theme,
): readonly Passage[] {
  if (id === null) return [];
  const result = state.checks[id];
  if (!result) return [{mark: `${symbols.pending} `, text: 'checking', tone: 'dim'}];
  const marks = {ok: symbols.passed, note: symbols.warning, failed: symbols.failed};
  const tones = {ok: 'good', note: 'warn', failed: 'bad'} as const;
  return [
    {mark: `${marks[result.state]} `, text: result.text, tone: tones[result.state]},
    ...result.more.map(text => ({mark: '  ', text})),
  ];
}

/** Steps are numbered in their order; an address or a command keeps its line for itself. */
export function linesOf(lines: readonly Line[]): readonly Passage[] {
  let number = 0;
  return lines.map(({kind, text}) => {
    if (kind === 'url' || kind === 'code') return {text, tone: 'code'};
    if (kind === 'text') return {text};
    number += 1;
    return {mark: `${number}. `, text};
  });
}
