// A screen to be read: pages of text, Enter goes on.
import {useInput, usePaste} from 'ink';
import {Frame, type FrameProps, type KeyHint, keys, useRoom} from '../frame.tsx';
import {Rows, usePages} from '../pages.tsx';
import type {Passage} from '../passages.ts';

export type ReadingProps = Readonly<{
  title: FrameProps['title'];
  place: number | null;
  passages: readonly Passage[];
  /** Enter on the last page. */
  onNext: () => void;
  onBack?: () => void;
  /** Keys of this screen alone. */
  also?: readonly Readonly<{hint: KeyHint; onPress: () => void}>[];
  /** What Enter does on the last page. */
  enter?: Omit<KeyHint, 'key'>;
}>;

export function Reading({title, place, passages, onNext, onBack, also = [], enter = {does: 'next'}}: ReadingProps) {
  const room = useRoom();
  const paging = usePages(passages, room);
  const last = paging.page === paging.pages - 1;
  useInput((input, key) => {
    if (key.tab && key.shift) return onBack?.();
    if (key.ctrl || key.meta) return;
    if (key.return) return last ? onNext() : paging.turn(1);
    if (input === ' ' || key.rightArrow || key.downArrow || key.pageDown) return paging.turn(1);
    if (key.leftArrow || key.upArrow || key.pageUp) return paging.turn(-1);
    also.find(({hint}) => hint.key === input)?.onPress();
  });
  // A paste is no key press; without this Ink would hand it to the line above.
  usePaste(() => {});
  const hints = [
    {key: 'Enter', ...(last ? enter : {does: 'more'})},
    ...also.map(({hint}) => hint),
    ...(onBack ? [keys.back] : []),
    keys.leave,
  ];
  return (
    <Frame title={title} paging={paging} place={place} hints={hints}>
      <Rows rows={paging.shown} least={paging.tallest} />
    </Frame>
  );
}
