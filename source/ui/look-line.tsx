// What the unauthenticated look at the site has found so far, in one row.
import {Text} from 'ink';
import type {State} from '../assistant/state.ts';
import {useRoom} from './frame.tsx';
import {Spinner} from './parts/spinner.tsx';
import {colours, useTheme} from './theme.ts';

const deploymentTitles = {cloud: 'Jira Cloud', 'data-center': 'Jira Data Center'} as const;

export function LookLine({state}: {state: State}) {
  const {symbols} = useTheme();
  const {columns} = useRoom();
  const host = state.answers.site?.host ?? '';
  if (state.look === null) return null;
  const {result} = state.look;
  if (result === null) return <Spinner label={short(`looking at ${host}`, columns - 2)} />;
  if (result.failure) {
    return (
      <Text wrap="truncate" color={colours.warn}>
        {`${symbols.warning} ${result.failure.title}`}
      </Text>
    );
  }
  const what = result.deployment ? deploymentTitles[result.deployment] : 'Jira';
  return (
    <Text wrap="truncate">
      <Text color={colours.good}>{symbols.passed}</Text>
      {` ${what} answers at ${host}${result.title ? `: ${result.title}` : ''}`}
    </Text>
  );
}

const short = (text: string, width: number): string => (text.length > width ? text.slice(0, width) : text);
