import {Text, useAnimation, useIsScreenReaderEnabled} from 'ink';
import {colours, useTheme} from '../theme.ts';

export type SpinnerProps = Readonly<{
  /** What is going on, in a few words, drawn after the mark. */
  label?: string;
}>;

/** A moving mark while something runs; a standing one where nothing may move. */
export function Spinner({label}: SpinnerProps) {
  const {spinner, still, pace, symbols} = useTheme();
  const moving = !useIsScreenReaderEnabled() && !still;
  const {frame} = useAnimation({interval: pace, isActive: moving});
  const mark = moving ? (spinner[frame % spinner.length] ?? symbols.pending) : symbols.pending;
  return (
    <Text>
      <Text color={colours.accent}>{mark}</Text>
      {label === undefined ? '' : ` ${label}`}
    </Text>
  );
}
