// The screens that ask by a list, apart from the one after a failed test.
import {answerText} from '../../assistant/menu.ts';
import {doubtAboutSite} from '../../assistant/navigation.ts';
import {clean} from '../../domain/clean.ts';
import {connectorTitles, labels} from '../../domain/credential.ts';
import {minuteText} from '../../domain/time.ts';
import type {Passage} from '../passages.ts';
import {Asking} from './asking.tsx';
import type {ScreenProps} from './screen-props.ts';

export function ResumeScreen(props: ScreenProps) {
  const {draft} = props.state.start;
  if (draft === null) return null;
  const given: readonly (readonly [string, string])[] = [
    ['Connector', draft.connector ? connectorTitles[draft.connector] : ''],
    [labels.name, draft.name],
    [labels.url, draft.url],
    [labels.username, draft.username],
    [labels.token, draft.sealed ? 'sealed; its passphrase will be asked' : ''],
    ['Left', minuteText(draft.updatedAt)],
  ];
  const passages: readonly Passage[] = [
    {text: 'There is a draft: a credential that was begun and not finished.'},
    ...given.filter(([, value]) => value !== '').map(([title, value]) => ({mark: `  ${title}: `, text: clean(value)})),
  ];
  return <Asking {...props} title="Draft" place={null} passages={passages} canGoBack={false} />;
}

export function DiscardDraftScreen(props: ScreenProps) {
  const passages: readonly Passage[] = [
    {text: 'The draft holds a token, sealed. Deleting it cannot be undone.', tone: 'strong'},
    {text: 'Atlassian shows a token only once, when it is created. Without this draft you need a new one.'},
  ];
  return <Asking {...props} title="Draft" place={null} passages={passages} />;
}

export function ConnectorScreen(props: ScreenProps) {
  const {state} = props;
  const passages: readonly Passage[] =
    state.notices.length > 0
      ? state.notices.map(text => ({text}))
      : [{text: 'What is the credential for? It will be tested, encrypted and ready to use.'}];
  return (
    <Asking
      {...props}
      title="Connector"
      place={1}
      passages={passages}
      highlighted={state.answers.connector ?? state.start.prefill.connector ?? null}
      canGoBack={state.home !== 'walk'}
      hasHelp
    />
  );
}

export function SiteWrongScreen(props: ScreenProps) {
  const {state} = props;
  const doubt = doubtAboutSite(state);
  const passages: readonly Passage[] = [
    {text: state.answers.site?.url ?? '', tone: 'code'},
    {text: doubt?.title ?? '', tone: 'strong'},
    {text: 'No token was asked yet and nothing secret was sent.', tone: 'dim'},
  ];
  return <Asking {...props} title={labels.url} place={5} passages={passages} />;
}

export function DoubtScreen(props: ScreenProps) {
  const {state} = props;
  const passages: readonly Passage[] = [
    {text: state.doubted?.verdict ?? '', tone: 'strong'},
    ...state.notices.map(text => ({text})),
  ];
  return <Asking {...props} title={labels.token} place={8} passages={passages} />;
}

export function QuestionsScreen(props: ScreenProps) {
  const {state} = props;
  const edited = state.start.edit;
  const passages: readonly Passage[] = [
    {
      text: edited
        ? `Editing “${edited.name}”. Nothing is changed before the test has passed and it is saved.`
        : `Which answer do you want to change? ${labels.token}: ${answerText(state, 'token')}`,
    },
    ...state.notices.map(text => ({text})),
  ];
  return <Asking {...props} title={edited ? 'Edit' : 'Answers'} place={null} passages={passages} canGoBack={!edited} />;
}
