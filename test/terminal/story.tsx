import {Box, Text, useInput} from 'ink';
import {useEffect, useState} from 'react';
import type {Capabilities} from '../../source/terminal/capabilities.ts';
import {Choice} from '../../source/ui/parts/choice.tsx';
import {Field} from '../../source/ui/parts/field.tsx';
import {Spinner} from '../../source/ui/parts/spinner.tsx';
import {ThemeContext, themeOf} from '../../source/ui/theme.ts';

type Props = Readonly<{
  finish: (answers: unknown) => void;
  interrupts: {heard: () => void};
  terminal: Capabilities;
  /** `token` asks for one secret; `crash` throws while drawing; `deaf` ignores Ctrl-C; `keys` lists what arrives; `exit` calls process.exit; `twice` asks for
   * one secret after the other. */
  scene: string;
}>;

export function Story({finish, interrupts, terminal, scene}: Props) {
  interrupts.heard = scene === 'deaf' ? () => {} : () => finish('interrupted');
  return (
    <ThemeContext value={themeOf(terminal)}>
      <Scene finish={finish} scene={scene} />
    </ThemeContext>
  );
}

function Scene({finish, scene}: {finish: (answers: unknown) => void; scene: string}) {
  const [answers, setAnswers] = useState<readonly string[]>([]);
  const answer = (text: string) => setAnswers(given => [...given, text]);
  if (scene === 'token' || scene === 'twice') return <Field label="API Token" mask onSubmit={finish} />;
  if (scene === 'keys') return <Listener />;
  if (scene === 'crash' && answers.length === 1) throw new Error('drawn badly');
  if (scene === 'exit' && answers.length === 1) process.exit(7);
  switch (answers.length) {
    case 0:
      return <Field label="Credential Name" onSubmit={answer} />;
    case 1:
      return <Busy done={() => answer('busy')} />;
    case 2:
      return <Field key="2" label="Username" onSubmit={answer} />;
    default:
      return (
        <Choice
          label="Which?"
          items={['red', 'green', 'blue'].map(value => ({value, label: value}))}
          onChoose={value => finish([...answers, value])}
        />
      );
  }
}

/** Works for a while and reads no keys meanwhile. */
function Busy({done}: {done: () => void}) {
  useEffect(() => {
    const timer = setTimeout(done, 300);
    return () => clearTimeout(timer);
  });
  return <Spinner label="Working" />;
}

function Listener() {
  const [heard, setHeard] = useState<readonly string[]>([]);
  useInput((input, key) => {
    const names = Object.entries(key).flatMap(([name, on]) => (on === true ? [name] : []));
    setHeard(list => [...list, [...names, JSON.stringify(input)].join('+')]);
  });
  return (
    <Box flexDirection="column">
      <Text>Listening</Text>
      {heard.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a log, only ever appended to
        <Text key={index}>{line}</Text>
      ))}
    </Box>
  );
}
