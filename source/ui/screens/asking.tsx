// A screen that asks by a list: something to read above, the choices below.
import {Box, useInput} from 'ink';
import {menuOf} from '../../assistant/menu.ts';
import {Frame, keys, useRoom} from '../frame.tsx';
import {Page, usePages} from '../pages.tsx';
import {Choice} from '../parts/choice.tsx';
import {type Passage, rowsOf} from '../wrap.ts';
import type {ScreenProps} from './screen.ts';

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
  const items = menuOf(state);
  const menu = menuRows(items, room);
  const paging = usePages(rowsOf(passages, room.columns), room.rows - menu.height - (room.roomy ? 1 : 0));
  const several = paging.pages > 1;
  useInput(
    (input, key) => {
      if (input === ' ') paging.around();
      else if (key.rightArrow) paging.turn(1);
      else if (key.leftArrow) paging.turn(-1);
    },
    {isActive: several},
  );
  const hints = [
    keys.choose,
    ...(several ? [keys.pages] : []),
    ...(canGoBack ? [keys.back] : []),
    ...(hasHelp ? [keys.help] : []),
    keys.leave,
  ];
  return (
    <Frame title={title} place={place} hints={hints}>
      <Page paging={paging} />
      {room.roomy && passages.length > 0 ? <Box height={1} /> : null}
      <Choice
        items={items.map(({id, label, hint}) => ({
          value: id,
          label: label.slice(0, room.columns - 6),
          ...(hint && menu.hints ? {hint: hint.slice(0, room.columns - 6)} : {}),
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
    </Frame>
  );
}

/** How many choices are shown and how many rows that takes; the text above gets what is left, at least three rows. */
function menuRows(items: readonly {hint?: string}[], room: {rows: number}) {
  const withHints = items.length + items.filter(({hint}) => hint).length;
  const most = room.rows - 4;
  if (withHints <= most) return {limit: items.length, hints: true, height: withHints};
  if (items.length <= most && items.length <= Math.ceil(room.rows / 2)) {
    return {limit: items.length, hints: false, height: items.length};
  }
  // A list that scrolls has a row above and one below that say how much is hidden.
  const limit = Math.max(3, Math.min(items.length, Math.floor(room.rows / 2) - 2));
  return {limit, hints: false, height: limit + 2};
}
