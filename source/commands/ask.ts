/** Single questions on the terminal, for commands that need one answer. Ink is loaded only when one is asked. */
import {Interrupted} from '../connection/interrupted.ts';
import {labels} from '../domain/credential.ts';
import {Secret} from '../domain/secret.ts';
import {prepareColour} from '../terminal/capabilities.ts';
import type {World} from '../world.ts';
import type {Options} from './options.ts';
import {type GivenToken, tidied} from './secrets.ts';
import type {Voice} from './voice.ts';

/** Somebody sits there: keys come from a terminal, and there is one to draw on. */
export const canAsk = (world: World): boolean => world.stdin.isTTY && (world.stdout.isTTY || world.stderr.isTTY);

/** Questions are drawn on stderr where stdout is a pipe: the result must arrive there alone. */
const drawnOn = (world: World): World => (world.stdout.isTTY ? world : {...world, stdout: world.stderr});

export type SecretQuestion = Readonly<{
  /** The field's label, as the assistant has it. */
  label: string;
  /** One line on what it is for. */
  hint?: string;
}>;

/** @throws Interrupted on Ctrl-C */
export async function askSecret(world: World, options: Options, question: SecretQuestion): Promise<Secret> {
  prepareColour(world, options['no-color'] === true);
  const {mountSecretQuestion} = await import('../ui/screens/ask.tsx');
  const text = await mountSecretQuestion(drawnOn(world), question);
  if (text === null) throw new Interrupted();
  return new Secret(text);
}

export type YesQuestion = Readonly<{question: string; yes: string; no: string}>;

/** "No" is highlighted first. @throws Interrupted on Ctrl-C */
export async function askYes(world: World, options: Options, question: YesQuestion): Promise<boolean> {
  prepareColour(world, options['no-color'] === true);
  const {mountYesQuestion} = await import('../ui/screens/ask.tsx');
  const answer = await mountYesQuestion(drawnOn(world), question);
  if (answer === null) throw new Interrupted();
  return answer;
}

/** The API token, masked, and tidied like one from any other source. @throws Interrupted, UsageFault */
export async function askToken(world: World, options: Options, voice: Voice): Promise<GivenToken> {
  const typed = await askSecret(world, options, {label: labels.token, hint: 'Paste it; it is not shown.'});
  return tidied(typed.reveal(), voice);
}
