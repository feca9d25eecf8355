// Single questions of commands: a secret, or yes and no. No state beyond the parts' own.
import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {Choice} from '../parts/choice.tsx';
import {Field} from '../parts/field.tsx';
import {type Theme, ThemeContext} from '../theme.ts';

export type SecretAskProps = Readonly<{
  label: string;
  hint?: string;
  theme: Theme;
  /** The text typed; an empty one is not taken. */
  onAnswer: (text: string) => void;
}>;

export function SecretAsk({label, hint, theme, onAnswer}: SecretAskProps) {
  return (
    <ThemeContext value={theme}>
      <Field
        label={label}
        {...(hint === undefined ? {} : {hint})}
        mask
        onSubmit={text => {
          if (text !== '') onAnswer(text);
        }}
      />
    </ThemeContext>
  );
}

export type YesAskProps = Readonly<{
  question: string;
  yes: string;
  no: string;
  theme: Theme;
  onAnswer: (sure: boolean) => void;
}>;

/** "No" comes first: Enter alone changes nothing. */
export function YesAsk({question, yes, no, theme, onAnswer}: YesAskProps) {
  return (
    <ThemeContext value={theme}>
      <Box flexDirection="column">
        <Text bold>{question}</Text>
        <Choice
          items={[
            {value: false, label: no},
            {value: true, label: yes},
          ]}
          onChoose={onAnswer}
        />
      </Box>
    </ThemeContext>
  );
}

/** A question as `mount` takes it: draws itself, and hands its answer to `finish`. */
type Drawn<T> = (finish: (answer: T) => void) => ReactNode;

export const secretQuestion =
  (question: Readonly<{label: string; hint?: string}>, theme: Theme): Drawn<string> =>
  finish => <SecretAsk {...question} theme={theme} onAnswer={finish} />;

export const textQuestion =
  ({label, hint}: Readonly<{label: string; hint?: string}>, theme: Theme): Drawn<string> =>
  finish => (
    <ThemeContext value={theme}>
      <Field label={label} {...(hint === undefined ? {} : {hint})} onSubmit={finish} />
    </ThemeContext>
  );

export const yesQuestion =
  (question: Readonly<{question: string; yes: string; no: string}>, theme: Theme): Drawn<boolean> =>
  finish => <YesAsk {...question} theme={theme} onAnswer={finish} />;
