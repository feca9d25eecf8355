// The one text field. ink-text-input does the typing; around it stand the keys and the cures it lacks: a cursor that
// moves by whole characters, Ctrl-U and its like, pastes, clipping to one line, masks, a default, a real cursor.

import type {DOMElement} from 'ink';
import {Box, measureElement, Text, useCursor, useInput, useIsScreenReaderEnabled, usePaste} from 'ink';
import TextInput from 'ink-text-input';
import {type RefObject, useLayoutEffect, useRef, useState} from 'react';
import {endWithin, graphemes, startWithin, widthOf} from '../../text/width.ts';
import {colours, type Theme, useTheme, useViewport} from '../theme.ts';
import {type Edit, edit, type Line, longestLine, startLine, textOf} from './line-edit.ts';
import {around} from './visible-part.ts';

export type FieldProps = Readonly<{
  /** The field's public label; a field with another label is another field and starts afresh. */
  label: string;
  /** Text already in the field when it appears, as if it had been typed; default empty. */
  initialValue?: string;
  /** What Enter on the empty field submits, shown as `[default]` until something is typed; of a masked field only that there is one. */
  defaultValue?: string;
  /** An example of what belongs here, shown dim while the field is empty and has no default. Never a secret. */
  placeholder?: string;
  /** One line under the label: what to type or where to find it. */
  hint?: string;
  /** A secret: shown as bullets and a count, never as itself. Default false. */
  mask?: boolean;
  /** Why the last answer was not taken, one or two sentences under the field; null or absent for none. */
  error?: string | null;
  /** Enter was pressed: the text, or the default when the text is empty. */
  onSubmit: (value: string) => void;
  /** The text changed; for keeping what was typed when one goes back. */
  onChange?: (value: string) => void;
  /** What must not stand in this field, in clear: the field is emptied before it is drawn, and `onSubmit` is given the text. */
  refuses?: (text: string) => boolean;
  /** Shift-Tab was pressed; the text so far, so that nothing is lost. */
  onBack?: (value: string) => void;
  /** `?` was pressed on the empty field; without it `?` is a letter. */
  onHelp?: () => void;
  /** Whether keys are taken and the cursor stands here; false while a screen is working. Default true. */
  isActive?: boolean;
  /** Cells the field may use; default the whole terminal. Say it when the field stands inside a frame or a margin. */
  width?: number;
}>;

/** One question answered with one line of text. */
export function Field(props: FieldProps) {
  // Two questions often stand at the same place of the tree, one after the other: the answer to the first, perhaps
  // a secret, must not be found in the second.
  return <Editor key={`${props.mask === true} ${props.label}`} {...props} />;
}

function Editor(props: FieldProps) {
  const {label, hint, error, mask = false, isActive = true} = props;
  const theme = useTheme();
  const {columns} = useViewport();
  const speaking = useIsScreenReaderEnabled();
  const width = Math.max(12, props.width ?? columns);
  const {line, apply, value, lost, refused} = useLine(props);

  const count =
    mask && textOf(line) !== '' ? `  ${line.lost ? `over ${longestLine} characters` : countOf(textOf(line))}` : '';
  // The prompt takes two cells; the last one stays free for the cursor behind the text.
  const room = mask && speaking ? 1 : Math.max(4, width - 3 - count.length);
  const shown = mask ? aroundMasked(line, room) : around(line.before, line.after, room);
  const row = useRef<DOMElement>(null);
  const cells = 2 + (shown.cutBefore && !mask ? 1 : 0) + (mask ? shown.before.length : widthOf(shown.before));
  useCursorAt(row, cells, isActive);
  usePaste(text => apply({type: 'insert', text}), {isActive});

  return (
    <Box flexDirection="column">
      <Text bold>{label}</Text>
      {hint === undefined ? null : <Text dimColor>{hint}</Text>}
      <Box ref={row}>
        <Text color={colours.accent}>{`${theme.symbols.pointer} `}</Text>
        {shown.cutBefore && !mask ? <Text dimColor>{theme.symbols.ellipsis}</Text> : null}
        <Typing
          key={line.revision}
          shown={shown.before}
          placeholder={textOf(line) === '' ? clip(emptyText(props), room, theme) : ''}
          mask={mask ? theme.symbols.mask : ''}
          isActive={isActive}
          apply={apply}
          submit={() => {
            // The Return behind a paste that was refused accepts nothing: why stays on the screen.
            if (!refused()) props.onSubmit(value() === '' ? (props.defaultValue ?? '') : value());
          }}
          keys={{
            isEmpty: () => value() === '',
            ...(props.onHelp ? {help: props.onHelp} : {}),
            back: () => props.onBack?.(lost() ? '' : value()),
          }}
        />
        <Text>{mask ? theme.symbols.mask.repeat(graphemes(shown.after).length) : shown.after}</Text>
        {shown.cutAfter && !mask ? <Text dimColor>{theme.symbols.ellipsis}</Text> : null}
        <Text dimColor>{count}</Text>
      </Box>
      {error ? <Text color={colours.bad}>{`${theme.symbols.failed} ${error}`}</Text> : null}
    </Box>
  );
}

/** The line and its one door. The ref is the truth, since several keys may come before React has drawn the first. */
function useLine({initialValue = '', onChange, refuses, onSubmit}: FieldProps) {
  const [line, setLine] = useState<Line>(() => startLine(initialValue));
  const truth = useRef(line);
  const refused = useRef(false);
  const apply = (action: Edit) => {
    const next = edit(truth.current, action);
    refused.current = action.type === 'insert' && refuses?.(textOf(next)) === true;
    if (refused.current) {
      truth.current = edit(next, {type: 'clear'});
      setLine(truth.current);
      return onSubmit(textOf(next));
    }
    const changed = textOf(next) !== textOf(truth.current);
    truth.current = next;
    setLine(next);
    if (changed) onChange?.(textOf(next));
  };
  return {
    line,
    apply,
    value: () => textOf(truth.current),
    lost: () => truth.current.lost,
    refused: () => refused.current,
  };
}

/** The real cursor, `cells` right of the row's start: seen without colours, followed by screen readers and input methods. */
function useCursorAt(row: RefObject<DOMElement | null>, cells: number, isActive: boolean) {
  const {setCursorPosition} = useCursor();
  const [place, setPlace] = useState<{x: number; y: number} | null>(null);
  useLayoutEffect(() => {
    if (!row.current) return;
    const {x, y} = measureElement(row.current);
    setPlace(before => (before?.x === x && before.y === y ? before : {x, y}));
  });
  setCursorPosition(isActive && place ? {x: place.x + cells, y: place.y} : undefined);
}

type Keys = Readonly<{isEmpty: () => boolean; help?: () => void; back: () => void}>;

type TypingProps = Readonly<{
  shown: string;
  placeholder: string;
  mask: string;
  isActive: boolean;
  apply: (action: Edit) => void;
  submit: () => void;
  keys: Keys;
}>;

/**
 * ink-text-input is given only what is visible left of the cursor, so its own cursor is always at the end, and what it
 * adds there is what was typed. It is made anew for every revision: it does not follow a value its parent changed.
 */
function Typing({shown, placeholder, mask, isActive, apply, submit, keys}: TypingProps) {
  const taken = useRef(false);
  const change = (next: string) => {
    if (!taken.current) apply({type: 'insert', text: next.slice(shown.length)});
  };
  return (
    <>
      <Guard keys={keys} isActive={isActive} apply={apply} taken={taken} />
      <TextInput
        value={shown}
        placeholder={placeholder}
        {...(mask === '' ? {} : {mask})}
        focus={isActive}
        showCursor={false}
        onChange={change}
        onSubmit={() => {
          if (!taken.current) submit();
        }}
      />
    </>
  );
}

/** Stands before ink-text-input, hears each key first, and marks the ones that are not to be typed. */
function Guard(
  props: Readonly<{keys: Keys; isActive: boolean; apply: (action: Edit) => void; taken: {current: boolean}}>,
) {
  const {keys, isActive, apply, taken} = props;
  useInput(
    (input, key) => {
      const action = editFor(input, key);
      const help = input === '?' && keys.isEmpty() ? keys.help : undefined;
      taken.current = action !== null || help !== undefined || (key.tab && key.shift);
      if (key.tab && key.shift) keys.back();
      else if (help) help();
      else if (action) apply(action);
    },
    {isActive},
  );
  return null;
}

type Key = Parameters<Parameters<typeof useInput>[0]>[1];

const controlKeys: Readonly<Record<string, Edit['type']>> = {
  a: 'home',
  e: 'end',
  b: 'left',
  f: 'right',
  d: 'delete-right',
  k: 'delete-after',
  u: 'clear',
  w: 'delete-word',
};
const metaKeys: Readonly<Record<string, Edit['type']>> = {b: 'word-left', f: 'word-right'};

/** What a key does besides typing; null leaves it to ink-text-input. */
function editFor(input: string, key: Key): Edit | null {
  const act = (type: Edit['type'] | undefined): Edit => (type && type !== 'insert' ? {type} : {type: 'nothing'});
  if (key.home) return act('home');
  if (key.end) return act('end');
  if (key.leftArrow) return act(key.ctrl || key.meta ? 'word-left' : 'left');
  if (key.rightArrow) return act(key.ctrl || key.meta ? 'word-right' : 'right');
  if (key.delete) return act('delete-right');
  if (key.backspace) return act(key.meta ? 'delete-word' : 'delete-left');
  if (key.return) return null;
  if (key.ctrl) return act(controlKeys[input]);
  if (key.meta) return act(metaKeys[input]);
  // A bare Esc does nothing: on a slow link it may be the head of an arrow key.
  return key.escape ? act('nothing') : null;
}

/** “192 characters”: what a person can check of a secret without seeing it. */
function countOf(text: string): string {
  const count = [...text].length;
  return count === 1 ? '1 character' : `${count} characters`;
}

/** A masked line is counted in units, one bullet each, as ink-text-input draws it. */
function aroundMasked({before, after}: Line, room: number) {
  const right = Math.min(graphemes(after).length, Math.max(Math.floor(room / 3), room - before.length));
  return {
    before: before.slice(-Math.max(1, room - right)),
    after: graphemes(after).slice(0, right).join(''),
    cutBefore: false,
    cutAfter: false,
  };
}

/** What stands in an empty field. A masked default is never named. */
function emptyText({mask, defaultValue, placeholder}: FieldProps): string {
  if (defaultValue !== undefined && defaultValue !== '') return mask ? '[kept as it is]' : `[${defaultValue}]`;
  return placeholder ?? '';
}

function clip(text: string, room: number, {symbols}: Theme): string {
  if (widthOf(text) <= room) return text;
  return text.endsWith(']')
    ? `[${symbols.ellipsis}${endWithin(text, room - 2)}`
    : startWithin(text, room - 1) + symbols.ellipsis;
}
