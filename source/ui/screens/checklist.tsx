// After a failure: the one cause, how sure it is, what was seen, and the checklist, which is worked on: a cursor, boxes,
// only the current action unfolded. Below the actions stand the ways on that every failure has.
import {Box, useInput, usePaste} from 'ink';
import {useState} from 'react';
import {type Doing, doingOf} from '../../assistant/carry-out.ts';
import {type MenuItem, menuOf} from '../../assistant/menu.ts';
import {actionsShown, failureShown} from '../../assistant/remedy.ts';
import type {State} from '../../assistant/state.ts';
import {catalogue} from '../../diagnosis/catalogue/index.ts';
import {checklistHeading, whoNames} from '../../diagnosis/report-text.ts';
import type {Action, Certainty, Failure} from '../../diagnosis/test-report.ts';
import {clipped, padded} from '../../text/width.ts';
import {Frame, type KeyHint, keys, useRoom} from '../frame.tsx';
import {Rows} from '../pages.tsx';
import {Spinner} from '../parts/spinner.tsx';
import {type Passage, type Row, rowsOf} from '../passages.ts';
import {type Symbols, useTheme} from '../theme.ts';
import {doing as doingWords} from '../words.ts';
import type {ScreenProps} from './screen-props.ts';

const certainties: Readonly<Record<Certainty, string>> = {
  proven: 'proven',
  likely: 'likely, not proven',
  possible: 'one of several possible causes',
};

export function ChecklistScreen({state, dispatch}: ScreenProps) {
  const room = useRoom();
  const {symbols, lines} = useTheme();
  const items = menuOf(state);
  const [at, setAt] = useState(() => firstOf(state, items));
  const [unfolded, setUnfolded] = useState<boolean | null>(null);
  const failure = failureShown(state);
  const current = items[Math.min(at, items.length - 1)];
  const canGoBack = state.trouble?.about !== 'save';
  useInput(
    (input, key) => {
      if (key.tab && key.shift) return canGoBack ? dispatch({type: 'back'}) : undefined;
      if (key.upArrow) return setAt((at + items.length - 1) % items.length);
      if (key.downArrow) return setAt((at + 1) % items.length);
      if (key.home || key.pageUp) return setAt(0);
      if (key.end || key.pageDown) return setAt(items.length - 1);
      if (key.ctrl || key.meta || current === undefined) return;
      if (key.return) return dispatch({type: 'choose', choice: current.id});
      if (input === 'e') return setUnfolded(!(unfolded ?? showsEvidence));
      const {action} = current;
      if (input === 'c' && action !== undefined) return dispatch({type: 'choose', choice: `copy:${action}`});
      if (input === 'x' && action !== undefined) return dispatch({type: 'choose', choice: `tick:${action}`});
      const chosen = items.find((item, index) => item.key === input || (lines && input === numberOf(index)));
      if (chosen) dispatch({type: 'choose', choice: chosen.id});
    },
    {isActive: state.pending === null},
  );
  // A paste is no key press; without this Ink would hand it to the line above.
  usePaste(() => {});
  const blocks = items.map((item, index) =>
    rowsOfItem(state, item, {
      current: index === at,
      number: lines ? numberOf(index) : null,
      columns: room.columns,
      symbols,
    }),
  );
  const most = lines ? Number.POSITIVE_INFINITY : room.rows;
  const head = failure === null ? [] : headOf(state, failure, room.columns);
  const evidence = failure === null ? [] : evidenceOf(failure, room.columns);
  const widest = Math.max(
    0,
    ...items.map(item => rowsOfItem(state, item, {current: true, number: null, columns: room.columns, symbols}).length),
  );
  const gap = room.roomy ? 1 : 0;
  const showsEvidence = head.length + evidence.length + gap + Math.min(blocks.length, widest + 4) <= most;
  const withEvidence = unfolded ?? showsEvidence;
  const top = fitting([...head, ...(withEvidence ? evidence : [])], most - gap - Math.min(room.rows / 2, widest + 2));
  const list = windowed(blocks, at, most - top.length - gap);
  return (
    <Frame
      title={checklistHeading}
      place={placeOf(state)}
      hints={hintsOf(state, current, {
        lines,
        slim: room.columns < narrow,
        canGoBack,
        evidence: failure === null ? 0 : failure.evidence.length,
        withEvidence,
      })}
    >
      <Rows rows={top} />
      {gap > 0 ? <Box height={1} /> : null}
      {state.pending ? <Spinner label={doingWords[state.pending.what]} /> : <Rows rows={list} />}
    </Frame>
  );
}

const placeOf = ({screen, trouble}: State): number | null =>
  screen.at === 'site-wrong' ? 5 : trouble?.about === 'test' ? 9 : null;

/** What the code knows to help most; else the first that can be done here, else the first. */
function firstOf(state: State, items: readonly MenuItem[]): number {
  const actions = actionsShown(state);
  const offers = items.map(({id, action}): string | null => {
    const shown = action === undefined ? undefined : actions[action];
    if (shown === undefined) return /^fix:(.*)$/.exec(id)?.[1] ?? null;
    const doing = doingOf(state, shown);
    return doing.does === 'remedy' ? doing.remedy : null;
  });
  const failure = failureShown(state);
  const best = failure === null ? [] : catalogue[failure.code].remedies;
  const ranked = [...best.map(remedy => offers.indexOf(remedy)), offers.findIndex(offer => offer !== null)];
  if (items[0]?.id === 'use-tried') return 0;
  return Math.max(0, ranked.find(index => index >= 0) ?? 0);
}

/** The verdict, how sure it is, and what was just done. */
function headOf({notices}: State, failure: Failure, columns: number): readonly Row[] {
  return rowsOf(
    [
      ...notices.map((text): Passage => ({text, tone: 'warn'})),
      {text: failure.title, tone: 'strong'},
      {text: `${certainties[failure.certainty]} (${failure.code})`, tone: 'dim'},
    ],
    columns,
  );
}

const evidenceOf = ({evidence}: Failure, columns: number): readonly Row[] =>
  rowsOf(
    evidence.map(text => ({mark: '- ', text})),
    columns,
  );

/** `number`: how the item is chosen where lines are told; null on a screen, which has a cursor. */
type Look = Readonly<{current: boolean; number: string | null; columns: number; symbols: Symbols}>;

/** One key each: what comes after the ninth has a letter or stands at the cursor. */
const numberOf = (index: number): string => (index < 9 ? String(index + 1) : '');

/** States in words: whoever hears a line sees no cursor and no box. */
const told = (number: string, current: boolean, ticked = false): string =>
  `${number === '' ? '' : `${number}. `}${current ? '(selected) ' : ''}${ticked ? '(done) ' : ''}`;

/** Cells of the column that says who can do it. */
const whoWidth = Math.max(...Object.values(whoNames).map(name => name.length)) + 1;
/** Columns below which who stands before the action and not in a column of its own. */
const narrow = 64;

/** An action, in full where the cursor stands; any other choice as a line. */
function rowsOfItem(state: State, item: MenuItem, look: Look): readonly Row[] {
  const action = item.action === undefined ? undefined : actionsShown(state)[item.action];
  if (action !== undefined) return rowsOfAction(action, state.ticked.includes(item.action ?? -1), look);
  const {current, number, columns, symbols} = look;
  const key = item.key === undefined ? '' : ` (${item.key})`;
  if (number !== null) return rowsOf([{mark: told(number, current), text: `${item.label}${key}`}], columns);
  const label = `${current ? symbols.pointer : ' '} ${item.label}${key}`;
  return [{text: clipped(label, columns, symbols.ellipsis), tone: current ? 'strong' : 'plain'}];
}

/** Command and address stand at the margin, alone on their line and never shortened: they are there to be copied. */
export function rowsOfAction(
  action: Action,
  ticked: boolean,
  {current, number, columns, symbols}: Look,
): readonly Row[] {
  const slim = columns < narrow;
  const name = whoNames[action.who];
  const who = slim ? (action.who === 'you' ? '' : `${name}: `) : padded(name, whoWidth);
  if (number !== null) return wholeAction(action, `${told(number, current, ticked)}${name}: `, '   ', columns);
  const mark = `${current ? symbols.pointer : ' '} [${ticked ? symbols.passed : ' '}] ${who}`;
  if (!current) return [{text: clipped(`${mark}${action.action}`, columns, symbols.ellipsis), tone: 'plain'}];
  return wholeAction(action, mark, ' '.repeat(slim ? 6 : mark.length), columns);
}

function wholeAction(action: Action, mark: string, under: string, columns: number): readonly Row[] {
  const {why, command, url} = action;
  return rowsOf(
    [
      {mark, text: action.action, tone: 'strong'},
      ...(why === '' ? [] : [{mark: under, text: why, tone: 'dim' as const}]),
      ...(command === undefined ? [] : [{text: command, tone: 'code' as const}]),
      ...(url === undefined ? [] : [{text: url, tone: 'code' as const}]),
    ],
    columns,
  );
}

/** The first rows; that there were more is not hidden, `e` shows them. */
const fitting = (rows: readonly Row[], most: number): readonly Row[] => rows.slice(0, Math.max(2, Math.floor(most)));

/** As many blocks around the current one as there is room for, and how many more there are. */
export function windowed(blocks: readonly (readonly Row[])[], at: number, rows: number): readonly Row[] {
  const all = blocks.flat();
  if (all.length <= rows) return all;
  const room = Math.max(1, rows - 1);
  let [first, last] = [at, at];
  const height = (): number => blocks.slice(first, last + 1).reduce((sum, block) => sum + block.length, 0);
  const fits = (index: number): boolean => height() + (blocks[index]?.length ?? room) <= room;
  for (;;) {
    const down = last + 1 < blocks.length && fits(last + 1);
    if (down) last += 1;
    const up = first > 0 && fits(first - 1);
    if (up) first -= 1;
    if (!down && !up) break;
  }
  const hidden = [
    ...(first > 0 ? [`${first} more above`] : []),
    ...(last + 1 < blocks.length ? [`${blocks.length - last - 1} more below`] : []),
  ];
  const shown = blocks
    .slice(first, last + 1)
    .flat()
    .slice(0, room);
  return [...shown, ...(hidden.length === 0 ? [] : [{text: `  ${hidden.join(', ')}`, tone: 'dim' as const}])];
}

const doings: Readonly<Record<Doing['does'], string>> = {
  remedy: 'do it',
  message: 'message',
  copy: 'copy',
  tick: 'tick',
};

function hintsOf(
  state: State,
  current: MenuItem | undefined,
  {
    lines,
    slim,
    canGoBack,
    evidence,
    withEvidence,
  }: Readonly<{lines: boolean; slim: boolean; canGoBack: boolean; evidence: number; withEvidence: boolean}>,
): readonly KeyHint[] {
  const action: Action | undefined = current?.action === undefined ? undefined : actionsShown(state)[current.action];
  const enter: KeyHint = action === undefined ? keys.choose : {key: 'Enter', does: doings[doingOf(state, action).does]};
  const copies = action !== undefined && (action.command ?? action.url) !== undefined;
  return [
    ...(lines ? [{key: '1-9', does: 'choose'}] : []),
    enter,
    ...(!slim && copies && enter.does !== 'copy' ? [{key: 'c', does: 'copy'}] : []),
    ...(slim || action === undefined ? [] : [{key: 'x', does: 'tick'}]),
    ...(evidence === 0 ? [] : [{key: 'e', does: withEvidence ? 'fold' : 'evidence', briefly: 'why'}]),
    ...(canGoBack ? [keys.back] : []),
    keys.leave,
  ];
}
