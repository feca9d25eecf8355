/** Single questions on the terminal, for commands that need one answer. Ink is loaded only when one is asked. */
import {Interrupted} from '../../connection/interrupted.ts';
import {labels} from '../../domain/credential.ts';
import {Secret} from '../../domain/secret.ts';
import {capabilities, prepareColour} from '../../terminal/capabilities.ts';
import {canAsk as reachesTerminal} from '../../terminal/tty.ts';
import type {World} from '../../world.ts';
import type {Context} from '../context.ts';
import {type GivenToken, tidied} from '../secrets/secrets.ts';

/**
 * Somebody sits there: some stream is a terminal, and keys can be had, from stdin or (when a pipe brings something
 * else) from the terminal itself. With every stream redirected nobody is waiting, whatever /dev/tty says.
 */
export const canAsk = (world: World): boolean =>
  (world.stdin.isTTY || world.stdout.isTTY || world.stderr.isTTY) && reachesTerminal(world);

type Screens = typeof import('../../ui/screens/question-screens.tsx');
type Theme = Parameters<Screens['secretQuestion']>[1];
type Drawn<T> = Parameters<typeof import('../../terminal/mount.tsx').mount<T | null>>[0];

/** Shows one question until it is answered. @throws Interrupted on Ctrl-C */
async function put<T>(context: Context, draw: (screens: Screens, theme: Theme) => Drawn<T>): Promise<T> {
  const {options, world} = context;
  prepareColour(world, options['no-color'] === true);
  const [{mount}, screens, {themeOf}] = await Promise.all([
    import('../../terminal/mount.tsx'),
    import('../../ui/screens/question-screens.tsx'),
    import('../../ui/theme.ts'),
  ]);
  const drawn = draw(screens, themeOf(capabilities(world)));
  let leave = () => {};
  const answer = await mount<T | null>(
    finish => {
      leave = () => finish(null);
      return drawn(finish);
    },
    world,
    {onInterrupt: () => leave()},
  );
  if (answer === null) throw new Interrupted();
  return answer;
}

export type Question = Readonly<{
  /** The field's label, as the assistant has it. */
  label: string;
  /** One line on what it is for. */
  hint?: string;
}>;

/** @throws Interrupted on Ctrl-C */
export async function askSecret(context: Context, question: Question): Promise<Secret> {
  const typed = await put<string>(context, (screens, theme) => screens.secretQuestion(question, theme));
  return context.secrets.add(new Secret(typed));
}

/** An answer that is no secret; may be empty. @throws Interrupted on Ctrl-C */
export async function askText(context: Context, question: Question): Promise<string> {
  return put<string>(context, (screens, theme) => screens.textQuestion(question, theme));
}

export type YesQuestion = Readonly<{question: string; yes: string; no: string}>;

/** "No" is highlighted first. @throws Interrupted on Ctrl-C */
export async function askYes(context: Context, question: YesQuestion): Promise<boolean> {
  return put<boolean>(context, (screens, theme) => screens.yesQuestion(question, theme));
}

/** The API token, masked, and tidied like one from any other source. @throws Interrupted, UsageFault */
export async function askToken(context: Context): Promise<GivenToken> {
  const typed = await askSecret(context, {label: labels.token, hint: 'Paste it; it is not shown.'});
  return tidied(typed.reveal(), context);
}
