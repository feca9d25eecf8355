// The message to an admin, to be read, copied and sent: page by page, `c` copies it by way of the terminal.
import {messageIn} from '../../assistant/message-to-admin.ts';
import {adminTitle, type Line} from '../../diagnosis/admin-message.ts';
import type {Admin} from '../../diagnosis/admins.ts';
import {useRoom} from '../frame.tsx';
import type {Passage} from '../passages.ts';
import {Reading} from './reading.tsx';
import type {ScreenProps} from './screen-props.ts';

const howToCopy =
  'c copies it by way of your terminal (OSC 52); some terminals ignore that. It is also printed when you leave.';

export function MessageScreen({state, dispatch, admin}: ScreenProps & {admin: Admin}) {
  const message = messageIn(state, admin);
  const {roomy} = useRoom();
  if (message === null) return null;
  const held = 'held' in message;
  const said = state.notices.length > 0 ? state.notices.join(' ') : howToCopy;
  const passages: readonly Passage[] = held
    ? [{text: message.held, tone: 'bad'}]
    : [{text: said, tone: state.notices.length > 0 ? 'warn' : 'dim'}, ...passagesOf(message.lines, roomy)];
  return (
    <Reading
      title={`For the ${adminTitle(admin)}`}
      place={9}
      passages={passages}
      enter={{does: 'back'}}
      onNext={() => dispatch({type: 'next'})}
      onBack={() => dispatch({type: 'back'})}
      also={held ? [] : [{hint: {key: 'c', does: 'copy'}, onPress: () => dispatch({type: 'copy'})}]}
    />
  );
}

const isHeading = ({text, indent = ''}: Line): boolean => indent === '' && text.endsWith(':');

/** A small screen has no room for empty rows, and a large one has them already between the blocks. */
const passagesOf = (lines: readonly Line[], roomy: boolean): readonly Passage[] =>
  lines.filter((line, at) => line.text !== '' || (roomy && !isHeading(lines[at + 1] ?? line))).map(passageOf);

/** A heading begins a block, so that it is not left alone at the end of a page. */
function passageOf(line: Line): Passage {
  const {text, indent = '', whole} = line;
  if (whole) return {text, tone: 'code'};
  if (isHeading(line) || text.startsWith('Subject:')) return {text, tone: 'strong'};
  return indent === '' ? {text} : {text, mark: indent};
}
