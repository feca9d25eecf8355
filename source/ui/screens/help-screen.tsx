// What is behind `?`: what the field is and where to find it. Any key closes it.
import {useInput, usePaste} from 'ink';
import {Frame, useRoom} from '../frame.tsx';
import {Rows, usePages} from '../pages.tsx';
import {connectorHelp, fieldWords} from '../words.ts';
import type {ScreenProps} from './screen-props.ts';

export function HelpScreen({state, dispatch}: ScreenProps) {
  const {screen} = state;
  const {label, help} =
    screen.at === 'field' ? fieldWords(state, screen.field) : {label: 'Connector', help: connectorHelp};
  const room = useRoom();
  const paging = usePages(help, room);
  useInput((input, key) => {
    const forward = input === ' ' || key.downArrow || key.rightArrow || key.pageDown;
    const backward = key.upArrow || key.leftArrow || key.pageUp;
    if (forward && paging.turn(1)) return;
    if (backward && paging.turn(-1)) return;
    dispatch({type: 'close-help'});
  });
  usePaste(() => {});
  const more = paging.page + 1 < paging.pages ? [{key: 'Space', does: 'more'}] : [];
  return (
    <Frame title={`Help: ${label}`} paging={paging} place={null} hints={[...more, {key: 'any key', does: 'close'}]}>
      <Rows rows={paging.shown} least={paging.tallest} />
    </Frame>
  );
}
