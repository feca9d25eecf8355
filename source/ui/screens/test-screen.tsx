// The connection test while it runs, when it was stopped, and while its result is saved.
import {Box, Text, useInput} from 'ink';
import {menuOf} from '../../assistant/menu.ts';
import type {State, StepState, Watch} from '../../assistant/state.ts';
import {ordinal, span} from '../../diagnosis/past-text.ts';
import {type StepId, type StepStatus, stepIds} from '../../domain/step.ts';
import {Frame, keys, useRoom} from '../frame.tsx';
import {Choice} from '../parts/choice.tsx';
import {Spinner} from '../parts/spinner.tsx';
import {colours, type Theme, useTheme} from '../theme.ts';
import type {ScreenProps} from './screen-props.ts';

export function TestScreen({state, dispatch}: ScreenProps) {
  const room = useRoom();
  const {trial} = state;
  const items = menuOf(state);
  const stopped = items.length > 0;
  useInput(
    (_input, key) => {
      if (key.tab && key.shift) dispatch({type: 'back'});
      else if (key.return) dispatch({type: 'next'});
    },
    {isActive: !stopped},
  );
  if (trial === null) return null;
  const limit = room.rows >= 8 + 1 + items.length ? items.length : 3;
  const menuHeight = stopped ? limit + (limit < items.length ? 2 : 0) : 0;
  // Between two tries the status takes more than a row.
  const statusHeight = trial.status !== 'failed' ? 1 : room.columns < narrow ? 3 : 2;
  const shown = stepsThatFit(trial.steps, room.rows - statusHeight - menuHeight);
  const hints = stopped
    ? [keys.choose, keys.back, keys.leave]
    : trial.status === 'passed'
      ? [keys.leave]
      : [...(state.watch ? [{key: 'Enter', does: 'stop watching', briefly: 'stop'}] : []), keys.back, keys.stop];
  return (
    <Frame title="Connection test" place={9} hints={hints}>
      {shown.map(id => (
        <StepRow key={id} id={id} step={trial.steps[id]} columns={room.columns} />
      ))}
      <Status state={state} />
      {stopped ? (
        <Choice
          items={items.map(({id, label}) => ({value: id, label}))}
          limit={limit}
          onChoose={choice => dispatch({type: 'choose', choice})}
          onBack={() => dispatch({type: 'back'})}
        />
      ) : null}
    </Frame>
  );
}

/** All eight where there is room; else those around the one the test is at. */
export function stepsThatFit(steps: Readonly<Record<StepId, StepState>>, rows: number): readonly StepId[] {
  if (rows >= stepIds.length) return stepIds;
  const reached = stepIds.findLastIndex(id => steps[id] !== 'waiting');
  const first = Math.max(0, Math.min(reached - rows + 2, stepIds.length - rows));
  return stepIds.slice(first, first + Math.max(1, rows));
}

const colourOf: Readonly<Record<StepStatus, string | undefined>> = {
  passed: colours.good,
  warning: colours.warn,
  failed: colours.bad,
  skipped: undefined,
};

/** Columns below which things stand below each other. */
const narrow = 60;

function StepRow({id, step, columns}: {id: StepId; step: StepState; columns: number}) {
  const {symbols} = useTheme();
  // On a narrow terminal the evidence is worth more than columns.
  const wide = columns >= narrow;
  const name = wide ? id.padEnd(11) : id;
  if (step === 'running') return <Spinner label={name} />;
  if (step === 'waiting') return <Text dimColor>{`${symbols.pending} ${name}`}</Text>;
  const colour = colourOf[step.status];
  const time = step.status === 'skipped' ? '' : duration(step.ms);
  const timed = wide ? ` ${time.padStart(7)} ` : time && ` ${time}`;
  return (
    <Text wrap="truncate">
      <Text {...(colour ? {color: colour} : {})}>{markOf(step.status, symbols)}</Text>
      {` ${name}${timed} ${step.detail}`}
    </Text>
  );
}

const markOf = (status: StepStatus, symbols: Theme['symbols']): string => symbols[status];

/** Milliseconds as a person reads them. */
export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

function Status({state}: {state: State}) {
  const {symbols} = useTheme();
  if (state.pending?.what === 'saving')
    return <Spinner label={state.leaving ? 'passed; leaving when it is saved' : 'passed; sealing and saving'} />;
  switch (state.trial?.status) {
    case 'stopped':
      return <Text>Stopped: nothing was decided.</Text>;
    case 'passed':
      return <Text bold>{`${symbols.passed} Passed`}</Text>;
    case 'failed':
      return (
        <Box flexDirection="column">
          <Text wrap="truncate">{`${symbols.failed} ${state.trouble?.failure.title ?? ''}`}</Text>
          {state.watch ? <Pause watch={state.watch} at={state.trial.endedAt ?? ''} /> : null}
        </Box>
      );
    default:
      return <Text dimColor>{state.watch ? tryText(state.watch) : ' '}</Text>;
  }
}

/** "02:01:30 UTC" */
const clock = (iso: string): string => `${iso.slice(11, 19)} UTC`;

/** Stands still until the next try: what moves costs a slow link, and a reader the place. */
function Pause({watch, at}: {watch: Watch; at: string}) {
  const {columns} = useRoom();
  const {tries, since, next} = watch;
  const counted = `${ordinal(tries)} try, ${span(since, at)} since the first.`;
  const again = next === null ? '' : `Again at ${clock(next)}.`;
  return columns < narrow ? (
    <>
      <Text>{counted}</Text>
      <Text>{again}</Text>
    </>
  ) : (
    <Text>{`${counted} ${again}`}</Text>
  );
}

const tryText = ({tries, since}: Watch): string => `${ordinal(tries + 1)} try; the first was at ${clock(since)}.`;
