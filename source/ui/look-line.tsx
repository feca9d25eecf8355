// What the unauthenticated look at the site has found so far, in one row.
import {Box, Text} from 'ink';
import type {State} from '../assistant/state.ts';
import {startWithin} from '../text/width.ts';
import {useRoom} from './frame.tsx';
import {Rows} from './pages.tsx';
import {Spinner} from './parts/spinner.tsx';
import {rowsOf} from './passages.ts';
import {colours, useTheme} from './theme.ts';

const deploymentTitles = {cloud: 'Jira Cloud', 'data-center': 'Jira Data Center'} as const;

/** `air`: an empty row below it where there is room. */
export function LookLine({state, air}: {state: State; air: boolean}) {
  const {roomy} = useRoom();
  if (state.look === null) return null;
  return (
    <Box marginBottom={air && roomy ? 1 : 0}>
      <Found state={state} />
    </Box>
  );
}

function Found({state}: {state: State}) {
  const {symbols} = useTheme();
  const {columns} = useRoom();
  const host = state.answers.site?.host ?? '';
  const result = state.look?.result ?? null;
  if (result === null) return <Spinner label={startWithin(`looking at ${host}`, columns - 2)} />;
  if (result.failure) {
    const rows = rowsOf([{mark: `${symbols.warning} `, text: result.failure.title, tone: 'warn'}], columns);
    return <Rows rows={rows.slice(0, state.error === null ? 2 : 1)} />;
  }
  const what = result.deployment ? deploymentTitles[result.deployment] : 'Jira';
  return (
    <Text wrap="truncate">
      <Text color={colours.good}>{symbols.passed}</Text>
      {` ${what} answers at ${host}${result.title ? `: ${result.title}` : ''}`}
    </Text>
  );
}
