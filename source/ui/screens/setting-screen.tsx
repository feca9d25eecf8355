// A setting of the connection: what is known about it above, the field below; and certificates before they are trusted.
import {Box} from 'ink';
import {useState} from 'react';
import {initialSetting, presentedBy} from '../../assistant/setting-answers.ts';
import type {SettingId, State} from '../../assistant/state.ts';
import type {CaCertificate} from '../../domain/ca-certificate.ts';
import {Secret} from '../../domain/secret.ts';
import {looksLikeToken} from '../../domain/token.ts';
import {wrap} from '../../text/wrap.ts';
import {Frame, keys, useRoom} from '../frame.tsx';
import {Rows} from '../pages.tsx';
import {Field} from '../parts/field.tsx';
import {Spinner} from '../parts/spinner.tsx';
import {type Passage, rowsOf} from '../passages.ts';
import {doing} from '../words.ts';
import {Asking} from './asking.tsx';
import type {ScreenProps} from './screen-props.ts';

type Words = Readonly<{label: string; hint: string; example: string}>;

function wordsOf(state: State, setting: SettingId): Words {
  switch (setting) {
    case 'proxy':
      return {
        label: 'Proxy',
        hint: 'Its address; the login is asked next. Empty: as this machine has it.',
        example: 'http://proxy.acme.example:3128',
      };
    case 'proxy-username':
      return {label: 'Proxy user', hint: 'Enter: the proxy asks for no login.', example: ''};
    case 'proxy-password':
      return {label: 'Proxy password', hint: 'Sealed with the token, and shown nowhere.', example: ''};
    case 'ca':
      return {
        label: 'CA certificate',
        hint: hintForAuthority(state),
        example: '/usr/local/share/ca-certificates/acme.crt',
      };
    case 'address':
      return {
        label: 'Fixed address',
        hint: `The IP address at which ${state.answers.site?.host ?? 'the site'} is reached. Empty: look its name up.`,
        example: '10.0.0.7',
      };
    case 'timeout':
      return {label: 'Time limit', hint: 'Seconds for the whole test. Empty: as usual.', example: '60'};
  }
}

const hintForAuthority = (state: State): string =>
  presentedBy(state) === null
    ? 'The path of a PEM file, or the certificate itself, pasted.'
    : 'The path of a PEM file, or the certificate pasted. Or trust the one above: compare its SHA-256 with your admin, then type the first and last four digits.';

/** A certificate as somebody compares it before trusting it. */
export const certificatePassages = (
  certificate: Pick<CaCertificate, 'subject' | 'issuer' | 'validFrom' | 'validTo' | 'fingerprint256'>,
): readonly Passage[] => [
  {text: certificate.subject, tone: 'strong'},
  {mark: '  issuer  ', text: certificate.issuer},
  {mark: '  valid   ', text: `${certificate.validFrom.slice(0, 10)} to ${certificate.validTo.slice(0, 10)}`},
  {mark: '  SHA-256 ', text: certificate.fingerprint256.replaceAll(':', ' ')},
];

export function SettingScreen({state, dispatch, setting}: ScreenProps & {setting: SettingId}) {
  const {columns, rows, roomy} = useRoom();
  const {label, hint, example} = wordsOf(state, setting);
  const [initial] = useState(() => initialSetting(state, setting));
  const secret = setting === 'proxy-password';
  const top = setting === 'ca' ? presentedBy(state) : null;
  const about: readonly Passage[] = top === null ? [] : [{text: 'The site presents:'}, ...certificatePassages(top)];
  const hintLines = wrap(hint, columns);
  const shown = rowsOf(about, columns).slice(0, Math.max(0, rows - hintLines.length - 4));
  return (
    <Frame title={label} place={null} hints={[keys.accept, keys.back, keys.leave]}>
      <Rows rows={shown} />
      {roomy && shown.length > 0 ? <Box height={1} /> : null}
      {state.pending ? (
        <Spinner label={doing[state.pending.what]} />
      ) : (
        <Field
          label={label}
          hint={hintLines.join('\n')}
          width={columns}
          mask={secret}
          {...(secret ? {} : {refuses: (text: string) => text.split(/\s/).some(looksLikeToken)})}
          initialValue={initial}
          placeholder={example === '' ? '' : `e.g. ${example}`}
          error={state.error === null ? null : wrap(state.error, columns - 2).join('\n  ')}
          onSubmit={text => dispatch(secret ? {type: 'secret', secret: new Secret(text)} : {type: 'text', text})}
          onBack={() => dispatch({type: 'back'})}
        />
      )}
    </Frame>
  );
}

export function TrustScreen(props: ScreenProps & {certificates: readonly CaCertificate[]}) {
  const {certificates} = props;
  const passages: readonly Passage[] = [
    {text: 'Whoever holds the key of this CA can read what this credential sends. Trust it when the SHA-256 is right.'},
    ...certificates.flatMap(certificatePassages),
  ];
  return <Asking {...props} title="CA certificate" place={null} passages={passages} />;
}
