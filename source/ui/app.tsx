// The assistant on the screen: one switch on the state. What happens is decided in the assistant room.
import {useState, useSyncExternalStore} from 'react';
import {Session} from '../assistant/assistant-session.ts';
import type {UserEvent} from '../assistant/events.ts';
import type {Ports} from '../assistant/ports.ts';
import type {Start, State} from '../assistant/state.ts';
import {capabilities} from '../terminal/capabilities.ts';
import {EndedBySignal, mount} from '../terminal/mount.tsx';
import {uncut, type World} from '../world.ts';
import {type Ending, farewell} from './farewell.ts';
import {PracticeContext} from './frame.tsx';
import {ChecklistScreen} from './screens/checklist.tsx';
import {
  ConnectorScreen,
  DiscardDraftScreen,
  DoubtScreen,
  QuestionsScreen,
  ResumeScreen,
  SiteWrongScreen,
} from './screens/decisions.tsx';
import {DoneScreen} from './screens/done.tsx';
import {ConfirmScreen, FieldScreen, secretFields, type Typed} from './screens/field-screen.tsx';
import {HelpScreen} from './screens/help-screen.tsx';
import {MessageScreen} from './screens/message-screen.tsx';
import {Prerequisite} from './screens/prerequisite.tsx';
import {SettingScreen, TrustScreen} from './screens/setting-screen.tsx';
import {SiteWaitScreen} from './screens/site-wait.tsx';
import {TestScreen} from './screens/test-screen.tsx';
import {ThemeContext, themeOf} from './theme.ts';

export type {Ending} from './farewell.ts';

/**
 * Runs the assistant on the terminal until it is saved, left or interrupted.
 * @returns how it ended; the command prints `scrollback` and exits with `exitCode`
 * @throws what is a fault of this program, after the terminal is as it was
 */
export async function runAssistant(start: Start, ports: Ports, world: World): Promise<Ending> {
  const can = capabilities(world);
  const size = {width: can.columns, unicode: can.unicode};
  let session: Session | null = null;
  // At once: the terminal may take seconds to be quiet, and meanwhile the process must not end before all is written.
  const stop = () => {
    if (session !== null) void uncut(world, session.halt());
  };
  world.interrupted.addEventListener('abort', stop, {once: true});
  try {
    const result = await mount<Result>(
      finish => {
        const running = new Session(start, ports, {
          onEnd: state => finish({type: 'ended', ending: farewell(state, size)}),
          onBug: error => finish({type: 'broken', error}),
        });
        session = running;
        return (
          <ThemeContext value={themeOf(can)}>
            <App session={running} />
          </ThemeContext>
        );
      },
      world,
      {
        onInterrupt: () => session?.dispatch({type: 'interrupt'}),
        // Of the assistant nothing must stay but its farewell: a resize leaves a copy of the frame in the scrollback.
        alternate: true,
        secret: () => session === null || asksSecret(session.state()),
      },
    );
    if (result.type === 'broken') throw result.error;
    return result.ending;
  } catch (error) {
    if (!(error instanceof EndedBySignal)) throw error;
    return interruptedBy(error.number, session, size);
  } finally {
    world.interrupted.removeEventListener('abort', stop);
  }
}

const asksSecret = ({screen}: State): boolean =>
  screen.at === 'confirm' ||
  (screen.at === 'setting' && screen.setting === 'proxy-password') ||
  (screen.at === 'field' && secretFields.includes(screen.field));

type Result = Readonly<{type: 'ended'; ending: Ending} | {type: 'broken'; error: unknown}>;

/** A signal ends it where it stands; what is being written is written first. */
async function interruptedBy(signal: number, session: Session | null, size: {width: number; unicode: boolean}) {
  if (session === null) return {kind: 'interrupted', exitCode: 128 + signal, scrollback: ''} as const;
  await session.halt();
  return {...farewell(session.state(), size), kind: 'interrupted', exitCode: 128 + signal} as const;
}

export function App({session}: {session: Session}) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const [typed] = useState<Typed>(() => new Map());
  return <View state={state} dispatch={session.dispatch} typed={typed} />;
}

export type ViewProps = Readonly<{state: State; dispatch: (event: UserEvent) => void; typed: Typed}>;

export function View(props: ViewProps) {
  return (
    <PracticeContext value={props.state.start.practice !== null}>
      <Screen {...props} />
    </PracticeContext>
  );
}

function Screen({state, dispatch, typed}: ViewProps) {
  const {screen} = state;
  const props = {state, dispatch};
  if (state.help) return <HelpScreen {...props} />;
  switch (screen.at) {
    case 'resume':
      return <ResumeScreen {...props} />;
    case 'discard-draft':
      return <DiscardDraftScreen {...props} />;
    case 'connector':
      return <ConnectorScreen key={String(state.offersPractice)} {...props} />;
    case 'prerequisite':
      return <Prerequisite key={screen.index} {...props} index={screen.index} />;
    case 'field':
      return <FieldScreen key={screen.field} {...props} field={screen.field} typed={typed} />;
    case 'setting':
      return <SettingScreen key={screen.setting} {...props} setting={screen.setting} />;
    case 'trust':
      return <TrustScreen {...props} certificates={screen.certificates} />;
    case 'confirm':
      return <ConfirmScreen {...props} />;
    case 'site-wait':
      return <SiteWaitScreen {...props} />;
    case 'site-wrong':
      return state.look?.result?.failure ? (
        <ChecklistScreen key={state.look.seq} {...props} />
      ) : (
        <SiteWrongScreen {...props} />
      );
    case 'token-doubt':
      return <DoubtScreen {...props} />;
    case 'test':
      return <TestScreen key={state.trial?.status} {...props} />;
    case 'checklist':
      return <ChecklistScreen key={state.trouble?.failure.code} {...props} />;
    case 'message':
      return <MessageScreen {...props} admin={screen.admin} />;
    case 'questions':
      return <QuestionsScreen {...props} />;
    case 'done':
      return <DoneScreen {...props} />;
    case 'ended':
      return null;
  }
}
