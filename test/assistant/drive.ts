/** Plays events on the state machine and keeps what it asked for. */
import type {Effect} from '../../source/assistant/effects.ts';
import type {Event} from '../../source/assistant/events.ts';
import {actionsShown} from '../../source/assistant/remedy.ts';
import type {Start, State} from '../../source/assistant/state.ts';
import {begin, transition} from '../../source/assistant/transition.ts';
import type {Remedy} from '../../source/diagnosis/remedy.ts';
import {Secret} from '../../source/domain/secret.ts';
import {examining, goodLook, now, passphrase, reportOf, start, token} from './doubles.ts';

export type Options = Partial<{offersPractice: boolean; mendable: boolean}>;

export class Drive {
  state: State;
  /** Effects since the last `take`. */
  #effects: Effect[];

  constructor(change: Partial<Start> = {}, options: Options = {}) {
    const [state, effects] = begin(start(change), {now, offersPractice: false, mendable: false, ...options});
    this.state = state;
    this.#effects = [...effects];
  }

  send(...events: readonly Event[]): this {
    for (const event of events) {
      const [state, effects] = transition(this.state, event);
      this.state = state;
      this.#effects.push(...effects);
    }
    return this;
  }

  /** What was asked of the world, which is then forgotten. */
  take(): readonly Effect[] {
    const taken = this.#effects;
    this.#effects = [];
    return taken;
  }

  /** The last effect of a kind; fails the test where there is none. */
  last<T extends Effect['type']>(type: T): Extract<Effect, {type: T}> {
    const found = this.#effects.findLast((effect): effect is Extract<Effect, {type: T}> => effect.type === type);
    if (!found) throw new Error(`no ${type} among: ${this.#effects.map(effect => effect.type).join(', ')}`);
    return found;
  }

  get at(): string {
    const {screen} = this.state;
    return screen.at === 'field' ? screen.field : screen.at;
  }
}

export const text = (value: string): Event => ({type: 'text', text: value});
export const secret = (value: string): Event => ({type: 'secret', secret: new Secret(value)});
export const pick = (choice: string): Event => ({type: 'choose', choice});
/** Takes the choice on the checklist that carries a remedy out. */
export function repair(drive: Drive, remedy: Remedy): Drive {
  const index = actionsShown(drive.state).findIndex(action => action.remedy === remedy);
  return drive.send(pick(index < 0 ? `fix:${remedy}` : `do:${index}`));
}
export const next: Event = {type: 'next'};
export const back: Event = {type: 'back'};

/** When every test here is over, unless a case says otherwise. */
export const at = now.toISOString();

export const offered = 'amber bridge cactus dagger ember fabric';
/** What takes it. */
export const lastWord = 'fabric';

/** From the beginning to the question for the URL. */
export const toUrl = (drive: Drive): Drive =>
  drive.send(pick('jira-software'), {type: 'skip'}, text('acme'), text('for the tests'));

/** … to the passphrase; the look has found Jira Cloud. */
export function toPassphrase(drive: Drive): Drive {
  toUrl(drive).send(text('https://acme.atlassian.net'));
  drive.send({type: 'looked', seq: drive.last('look').seq, look: goodLook}, text('you@acme.com'));
  return drive.send({type: 'generated', passphrase: new Secret(offered)});
}

/** … to the token, with the generated passphrase. */
export const toToken = (drive: Drive): Drive => toPassphrase(drive).send(secret(lastWord));

/** … to the running test. */
export const toTest = (drive: Drive): Drive => toToken(drive).send(secret(token), text('2027-05-01'));

/** … to the end of the test. */
export async function toResult(drive: Drive, report = reportOf(null)): Promise<Drive> {
  toTest(drive);
  const {seq} = drive.last('examine');
  const steps = examining(report);
  for (;;) {
    const step = await steps.next();
    if (step.done) return drive.send({type: 'examined', seq, examination: step.value, at});
    drive.send({type: 'stepped', seq, event: step.value});
  }
}

export {passphrase, token};
