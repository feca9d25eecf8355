// One question answered by typing: what was found so far above it, the field, what goes on behind it below.
import {Box, Text, useInput, usePaste} from 'ink';
import {useEffect, useRef, useState} from 'react';
import {defaultOf, initialOf, offersPracticeToken, suggestedUrl} from '../../assistant/fields.ts';
import {offersPassphrase, type State, unlocks} from '../../assistant/state.ts';
import {type FieldId, fields} from '../../domain/field.ts';
import {Secret} from '../../domain/secret.ts';
import {looksLikeToken} from '../../domain/token.ts';
import {wrap} from '../../text/wrap.ts';
import {Frame, keys, useRoom} from '../frame.tsx';
import {LookLine} from '../look-line.tsx';
import {Rows} from '../pages.tsx';
import {Field} from '../parts/field.tsx';
import {Spinner} from '../parts/spinner.tsx';
import {rowsOf} from '../passages.ts';
import {colours, useTheme} from '../theme.ts';
import {confirmWords, doing, fieldWords} from '../words.ts';
import type {ScreenProps} from './screen-props.ts';

/** What was typed and not yet accepted when the user went back, so that it is there again. */
export type Typed = Map<FieldId, Secret>;

export const secretFields: readonly FieldId[] = ['passphrase', 'token'];
/** Expiry belongs to the token, so both are the eighth part. */
const placeOf = (field: FieldId): number => Math.min(8, fields.indexOf(field) + 3);

export function FieldScreen({state, dispatch, field, typed}: ScreenProps & {field: FieldId; typed: Typed}) {
  const words = fieldWords(state, field);
  const secret = secretFields.includes(field);
  const [initial] = useState(() => typed.get(field)?.reveal() ?? initialOf(state, field));
  const answer = useAnswer(secret);
  const {columns, roomy} = useRoom();
  // A small screen holds the passphrase and one thing more; what the look has found stands on the next field, too.
  const crowded = !roomy && offers(state, field) && state.notices.length > 0;
  const busy = state.pending !== null;
  const seen = useSeen(offers(state, field));
  const suggested = field === 'url' ? suggestedUrl(state) : null;
  const hint =
    suggested === null ? hintOf(state, field, words.hint) : `A Jira answers at ${suggested}: Enter takes it.`;
  const defaultValue = secret ? null : defaultOf(state, field);
  return (
    <Frame title={words.label} place={placeOf(field)} hints={[keys.accept, keys.back, keys.help, keys.leave]}>
      <Said state={state} />
      {showsLook(field) && !crowded && !offers(state, field) ? <LookLine state={state} air /> : null}
      {offers(state, field) ? <Offer state={state} /> : null}
      {seen ? null : <DropKeys />}
      {busy ? (
        <Working state={state} label={words.label} />
      ) : (
        <Field
          key={`${answer.key} ${suggested ?? ''}`}
          label={words.label}
          hint={wrap(hint, columns).join('\n')}
          width={columns}
          mask={secret}
          isActive={seen}
          {...(secret ? {} : {refuses: (text: string) => text.split(/\s/).some(looksLikeToken)})}
          initialValue={answer.first && suggested === null ? initial : ''}
          placeholder={seen ? placeholder(state, field, words.example) : ''}
          {...(defaultValue ? {defaultValue} : {})}
          error={errorText(state.error, columns)}
          onSubmit={text => {
            typed.delete(field);
            answer.given();
            dispatch(secret ? {type: 'secret', secret: new Secret(text)} : {type: 'text', text});
          }}
          onBack={text => {
            if (text === initialOf(state, field)) typed.delete(field);
            else typed.set(field, new Secret(text));
            dispatch({type: 'back'});
          }}
          onHelp={() => dispatch({type: 'help'})}
        />
      )}
      {field === 'token' || field === 'expires' ? <DraftLine state={state} /> : null}
    </Frame>
  );
}

export function ConfirmScreen({state, dispatch}: ScreenProps) {
  const answer = useAnswer(true);
  const {columns} = useRoom();
  return (
    <Frame title={confirmWords.label} place={7} hints={[keys.accept, keys.back, keys.leave]}>
      <Said state={state} />
      <Field
        key={answer.key}
        label={confirmWords.label}
        hint={wrap(confirmWords.hint, columns).join('\n')}
        width={columns}
        mask
        error={errorText(state.error, columns)}
        onSubmit={text => {
          answer.given();
          dispatch({type: 'secret', secret: new Secret(text)});
        }}
        onBack={() => dispatch({type: 'back'})}
      />
    </Frame>
  );
}

/** A secret that was not taken is typed afresh: nobody can mend what cannot be seen. */
function useAnswer(secret: boolean) {
  const count = useRef(0);
  return {
    key: count.current,
    first: count.current === 0,
    given: () => {
      if (secret) count.current += 1;
    },
  };
}

/** Indented behind the field's mark. */
const errorText = (error: string | null, columns: number): string | null =>
  error === null ? null : wrap(error, columns - 2).join('\n  ');

const showsLook = (field: FieldId): boolean => field === 'username' || field === 'passphrase' || field === 'token';

const keptText = '[kept: Enter keeps it]';

function placeholder(state: State, field: FieldId, example: string): string {
  if (field === 'passphrase') return state.answers.passphrase ? keptText : example;
  // Without colours an example must not look like an answer.
  if (field !== 'token') return example === '' ? '' : `e.g. ${example}`;
  if (offersPracticeToken(state)) return '[practice token: Enter takes it]';
  return state.answers.token ? keptText : example;
}

const hintOf = (state: State, field: FieldId, hint: string): string =>
  field === 'passphrase' && state.answers.passphrase && !unlocks(state) && !offersPassphrase(state)
    ? 'You have one. Type another to change it.'
    : hint;

/** What was done to the last answer. Left out while an error is shown, which matters more on a small screen. */
function Said({state}: {state: State}) {
  const {columns, roomy} = useRoom();
  const {symbols} = useTheme();
  if (state.notices.length === 0 || state.error) return null;
  const rows = rowsOf(
    state.notices.map(text => ({mark: `${symbols.arrow} `, text})),
    columns,
  );
  return (
    <Box flexDirection="column" marginBottom={roomy ? 1 : 0}>
      <Rows rows={rows.slice(0, roomy ? 8 : 4)} />
    </Box>
  );
}

/** It is not shown while something else is under way. */
const offers = (state: State, field: FieldId): boolean =>
  field === 'passphrase' && offersPassphrase(state) && state.pending === null;

/** Milliseconds for which keys do nothing after the passphrase is shown: what was typed ahead must not take it unread. */
const reading = 1000;

/** Whether what is shown has been there long enough to be seen. */
function useSeen(isShown: boolean): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    const timer = setTimeout(() => setSeen(true), reading);
    return () => clearTimeout(timer);
  }, [isShown]);
  return seen || !isShown;
}

/** Takes keys and drops them; kept, they would arrive as soon as the field takes keys again. */
function DropKeys() {
  useInput(() => {});
  usePaste(() => {});
  return null;
}

function Offer({state}: {state: State}) {
  const {columns, roomy} = useRoom();
  if (state.generated === null) return null;
  const why = roomy
    ? 'Save this passphrase in your password manager now: nobody can recover it.'
    : 'Save it now: nobody can recover it.';
  const rows = rowsOf(
    [{text: state.generated.reveal(), tone: 'strong'}, ...(state.error ? [] : [{text: why}])],
    columns,
  );
  return (
    <Box flexDirection="column" marginY={roomy ? 1 : 0}>
      <Rows rows={rows} />
    </Box>
  );
}

function Working({state, label}: {state: State; label: string}) {
  return (
    <Box flexDirection="column">
      <Text bold>{label}</Text>
      {state.pending ? <Spinner label={doing[state.pending.what]} /> : null}
    </Box>
  );
}

/** Whether the token is safe already. */
function DraftLine({state}: {state: State}) {
  const {symbols} = useTheme();
  if (state.draftTrouble !== null) {
    return (
      <Text
        wrap="truncate"
        color={colours.warn}
      >{`${symbols.warning} No draft could be kept: ${state.draftTrouble}`}</Text>
    );
  }
  if (state.answers.token === null || state.start.edit || state.sparesDraft) return null;
  if (!state.draftKept) return <Spinner label="sealing the token into the draft" />;
  return <Text wrap="truncate">{`${symbols.passed} Sealed in the draft: a dropped line loses nothing.`}</Text>;
}
