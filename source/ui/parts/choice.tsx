// A list of which one is taken: arrows or a number move, Enter accepts.
import {Box, Text, useInput, usePaste} from 'ink';
import {useState} from 'react';
import {colours, useTheme, useViewport} from '../theme.ts';

export type ChoiceItem<T> = Readonly<{
  /** What `onChoose` is given. */
  value: T;
  /** The words of the choice, one short line, different from the others'. */
  label: string;
  /** One sentence under the label of what choosing it means. */
  hint?: string;
}>;

export type ChoiceProps<T> = Readonly<{
  /** The question above the list; left out when the screen has said it. */
  label?: string;
  /** At least one; the first is highlighted unless `initial` says otherwise. */
  items: readonly ChoiceItem<T>[];
  /** Index of the item highlighted first. */
  initial?: number;
  /** Enter was pressed on this item. */
  onChoose: (value: T) => void;
  /** Shift-Tab was pressed. */
  onBack?: () => void;
  /** `?` was pressed. */
  onHelp?: () => void;
  /** The highlight moved to this item. */
  onHighlight?: (value: T) => void;
  /** Whether keys are taken; false while something else is asked. Default true. */
  isActive?: boolean;
  /** Most items drawn at once; the list scrolls. Default: what half the window's rows hold. */
  limit?: number;
}>;

export function Choice<T>(props: ChoiceProps<T>) {
  const {label, items, isActive = true} = props;
  const {rows} = useViewport();
  const [at, setAt] = useState(() => Math.min(Math.max(props.initial ?? 0, 0), items.length - 1));
  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), items.length - 1);
    setAt(next);
    const item = items[next];
    if (next !== at && item) props.onHighlight?.(item.value);
  };
  useChoiceKeys(props, at, move, isActive);
  const limit = Math.max(3, props.limit ?? Math.floor(rows / 2));
  const first = Math.max(0, Math.min(at - Math.floor(limit / 2), items.length - limit));
  const shown = items.map((item, index) => ({item, number: index + 1})).slice(first, first + limit);
  return (
    <Box flexDirection="column">
      {label === undefined ? null : <Text bold>{label}</Text>}
      <Box flexDirection="column" aria-role="list">
        {first > 0 ? <More count={first} where="above" /> : null}
        {shown.map(({item, number}) => (
          <Row key={item.label} item={item} number={number} chosen={number === at + 1} />
        ))}
        {first + limit < items.length ? <More count={items.length - first - limit} where="below" /> : null}
      </Box>
    </Box>
  );
}

function useChoiceKeys<T>(props: ChoiceProps<T>, at: number, move: (to: number) => void, isActive: boolean) {
  const {items} = props;
  useInput(
    (input, key) => {
      const to = target(input, key, at, items.length);
      if (to !== null) return move(to);
      if (key.tab && key.shift) return props.onBack?.();
      if (key.ctrl || key.meta) return;
      if (input === '?') return props.onHelp?.();
      const item = items[at];
      if (key.return && item) props.onChoose(item.value);
    },
    {isActive},
  );
  // Without a listener of its own Ink hands a paste to useInput, where a pasted digit or `?` would count as a key.
  usePaste(() => {}, {isActive});
}

/** Where a key moves the highlight to; null when it moves nothing. The arrows go round, a number only to what is there. */
function target(input: string, key: Parameters<Parameters<typeof useInput>[0]>[1], at: number, count: number) {
  if (key.upArrow) return (at + count - 1) % count;
  if (key.downArrow) return (at + 1) % count;
  if (key.home || key.pageUp) return 0;
  if (key.end || key.pageDown) return count - 1;
  const number = !key.ctrl && !key.meta && /^[1-9]$/.test(input) ? Number(input) : 0;
  return number >= 1 && number <= count ? number - 1 : null;
}

function Row<T>({item, number, chosen}: {item: ChoiceItem<T>; number: number; chosen: boolean}) {
  const {symbols} = useTheme();
  const mark = chosen ? symbols.pointer : ' ';
  return (
    <Box aria-role="listitem" aria-state={{selected: chosen}}>
      <Box flexShrink={0}>
        <Text {...(chosen ? {color: colours.accent} : {})}>{`${mark} ${number}. `}</Text>
      </Box>
      <Box flexDirection="column">
        <Text bold={chosen}>{item.label}</Text>
        {item.hint === undefined ? null : <Text dimColor>{item.hint}</Text>}
      </Box>
    </Box>
  );
}

function More({count, where}: {count: number; where: 'above' | 'below'}) {
  return <Text dimColor>{`     ${count} more ${where}`}</Text>;
}
