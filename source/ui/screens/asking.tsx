// A screen that asks by a list: something to read above, the choices below.
import {Box, useInput} from 'ink';
import {menuOf} from '../../assistant/menu.ts';
import {clipped} from '../../text/width.ts';
import {Frame, keys, useRoom} from '../frame.tsx';
import {Rows, usePages} from '../pages.tsx';
import {Choice} from '../parts/choice.tsx';
import {Spinner} from '../parts/spinner.tsx';
import {type Passage, rowsOf} from '../passages.ts';
import {useTheme} from '../theme.ts';
import {doing} from '../words.ts';
import type {ScreenProps} from './screen-props.ts';

export type AskingProps = ScreenProps &
  Readonly<{
    title: string;
    place: number | null;
    passages: readonly Passage[];
    /** The choice highlighted first. */
    highlighted?: string | null;
    canGoBack?: boolean;
    hasHelp?: boolean;
  }>;

export function Asking({state, dispatch, title, place, passages, highlighted, canGoBack = true, hasHelp}: AskingProps) {
  const room = useRoom();
  const {symbols} = useTheme();
  const items = menuOf(state);
  const gap = room.roomy && passages.length > 0 ? 1 : 0;
  const menu = menuRows(items, rowsOf(passages, room.columns).length + gap, room.rows);
  const paging = usePages(passages, {...room, rows: room.rows - menu.height - gap});
  const several = paging.pages > 1;
  useInput(
    (input, key) => {
      const chosen = key.ctrl || key.meta ? undefined : items.find(item => item.key === input);
      if (chosen) dispatch({type: 'choose', choice: chosen.id});
      else if (several && input === ' ') paging.around();
      else if (several && key.rightArrow) paging.turn(1);
      else if (several && key.leftArrow) paging.turn(-1);
    },
    {isActive: state.pending === null},
  );
  const hints = [
    keys.choose,
    ...(several ? [keys.pages] : []),
    ...(canGoBack ? [keys.back] : []),
    ...(hasHelp ? [keys.help] : []),
    keys.leave,
  ];
  return (
    <Frame title={title} paging={paging} place={place} hints={hints}>
      <Rows rows={paging.shown} least={paging.tallest} />
      {gap > 0 ? <Box height={1} /> : null}
      {state.pending ? (
        <Spinner label={doing[state.pending.what]} />
      ) : (
        <Choice
          items={items.map(({id, label, hint, key}) => ({
            value: id,
            label: clipped(key === undefined ? label : `${label} (${key})`, room.columns - 5, symbols.ellipsis),
            ...(hint && menu.hints ? {hint: clipped(hint, room.columns - 5, symbols.ellipsis)} : {}),
          }))}
          initial={Math.max(
            0,
            items.findIndex(({id}) => id === highlighted),
          )}
          limit={menu.limit}
          onChoose={choice => dispatch({type: 'choose', choice})}
          onBack={() => dispatch({type: 'back'})}
          onHelp={() => dispatch({type: 'help'})}
        />
      )}
    </Frame>
  );
}

/** How many choices are shown and how many rows that takes. What is to be read gets the rows it needs first. */
function menuRows(items: readonly {hint?: string}[], wanted: number, rows: number) {
  const left = rows - wanted;
  const withHints = items.length + items.filter(({hint}) => hint).length;
  if (withHints <= left) return {limit: items.length, hints: true, height: withHints};
  if (items.length <= Math.max(left, Math.floor(rows / 2))) {
    return {limit: items.length, hints: false, height: items.length};
  }
  // A list that scrolls has a row above and one below that say how much is hidden.
  const limit = Math.max(3, Math.floor(rows / 2) - 3);
  return {limit, hints: false, height: limit + 2};
}
