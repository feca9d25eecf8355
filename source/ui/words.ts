/** What the assistant says about each field: a line under its label, an example, and the help behind `?`. */
import {deploymentOf, type State, unlocks} from '../assistant/state.ts';
import {connectorTitles, labels} from '../domain/credential.ts';
import type {FieldId} from '../domain/field.ts';
import {tokenPage} from '../prerequisites/prerequisites.ts';
import type {Passage} from './passages.ts';

export type FieldWords = Readonly<{label: string; hint: string; example: string; help: readonly Passage[]}>;

const plain = (text: string): Passage => ({text});
const address = (text: string): Passage => ({text, tone: 'code'});
const step = (text: string, index: number): Passage => ({text, mark: `${index + 1}. `});

export function fieldWords(state: State, field: FieldId): FieldWords {
  switch (field) {
    case 'name':
      return nameWords;
    case 'description':
      return descriptionWords;
    case 'url':
      return urlWords;
    case 'username':
      return usernameWords(state);
    case 'passphrase':
      return unlocks(state) ? knownPassphraseWords(state) : newPassphraseWords(state);
    case 'token':
      return tokenWords(state);
    case 'expires':
      return expiresWords;
  }
}

const nameWords: FieldWords = {
  label: labels.name,
  hint: 'What you will call it by. Required, and not used yet.',
  example: 'acme-feeds',
  help: [
    plain('The name of this credential, here and in the platform’s form. You will type it often:'),
    address('jirakey test acme-feeds'),
    plain('So keep it short and tell what it reaches: the site, the use, the stage. Capitals make no difference.'),
  ],
};

const descriptionWords: FieldWords = {
  label: labels.description,
  hint: 'Recommended: what it is for and who looks after it.',
  example: 'Nightly feeds of ACME, data team',
  help: [
    plain(
      'One line for the colleague who finds this credential in two years: what uses it, whose account it is, who renews the token.',
    ),
    plain('It may stay empty. It is stored in clear, so write no secret here.'),
  ],
};

const urlWords: FieldWords = {
  label: labels.url,
  hint: 'Paste any page of your Jira; what is too much is cut off.',
  example: 'https://acme.atlassian.net',
  help: [
    plain('Open Jira in a browser and copy the address. Both of these become the same:'),
    address('https://acme.atlassian.net/browse/ABC-1'),
    address('acme.atlassian.net'),
    plain(
      'Take the address of the site itself: not id.atlassian.com or admin.atlassian.com, and not your company’s own name in front of a Cloud site.',
    ),
    plain('On Data Center a path may belong to it:'),
    address('https://jira.acme.example/jira'),
    plain('The program looks at once, without any credential, whether Jira answers there.'),
  ],
};

function usernameWords(state: State): FieldWords {
  const deployment = deploymentOf(state);
  const cloud = plain(
    'Jira Cloud knows accounts by their e-mail address only. It stands on the page where the token is made:',
  );
  const dataCenter = plain(
    'Jira Data Center wants the login name, which is usually not the e-mail. It stands in your profile there.',
  );
  return {
    label: labels.username,
    hint:
      deployment === 'cloud'
        ? 'Jira Cloud: the e-mail address of the account.'
        : deployment === 'data-center'
          ? 'Jira Data Center: the login name, usually not the e-mail.'
          : 'Cloud: the account’s e-mail. Data Center: its login name.',
    example: deployment === 'data-center' ? 'jira-feeds' : 'you@acme.com',
    help: [
      ...(deployment === 'data-center' ? [] : [cloud, address(tokenPage)]),
      ...(deployment === 'cloud' ? [] : [dataCenter]),
      plain(
        'It must be the account that made the token: a token with somebody else’s e-mail is refused like a wrong one.',
      ),
      plain('A service account’s e-mail ends in @serviceaccount.atlassian.com.'),
    ],
  };
}

const passphraseHelp: readonly Passage[] = [
  plain('It encrypts your tokens in the store: whoever copies the file cannot read them without it.'),
  plain(
    'One passphrase opens the whole store. It is nowhere written down, so nobody can recover it: keep it in a password manager.',
  ),
];

const newPassphraseWords = ({start}: State): FieldWords => ({
  label: labels.passphrase,
  hint: start.practice
    ? 'Protects the token in the store. Enter takes the one offered.'
    : 'Protects the token in the store. To take this one, type its last word or paste all of it.',
  example: start.practice
    ? '[Enter, or your own of 12 characters or more]'
    : '[its last word, or your own of 12 characters or more]',
  help: [
    ...passphraseHelp,
    plain(
      'The one offered is made of random words and holds against any guessing. One of your own needs at least 12 characters and is rated.',
    ),
    plain('Scripts give it later by --passphrase-file, --passphrase-fd or --passphrase-command.'),
  ],
});

const knownPassphraseWords = (state: State): FieldWords => ({
  label: labels.passphrase,
  hint: state.sealedDraft === null ? 'The one this store was made with.' : 'The one the draft was sealed with.',
  example: '',
  help: [
    ...passphraseHelp,
    plain('It was chosen when the first credential was saved here. With another store you begin anew:'),
    address('jirakey setup --store DIR'),
  ],
});

function tokenWords(state: State): FieldWords {
  const dataCenter = deploymentOf(state) === 'data-center';
  const cloudHelp = [
    plain('Not your password. In a browser, signed in with that account:'),
    address(tokenPage),
    ...['Create API token', 'a name, and an expiry date: note it', 'Create, Copy', 'paste it here'].map(step),
    plain(
      'It is shown once; the Copy button takes all of it. A token with scopes works too, through Atlassian’s gateway.',
    ),
  ];
  const dataCenterHelp = plain(
    'Data Center: your avatar, Profile, Personal Access Tokens, Create token (Jira 8.14 or later). A password works only where Basic is allowed.',
  );
  return {
    label: labels.token,
    hint: 'Paste it. Nothing of it is shown, and it is checked offline first.',
    example: '',
    help: dataCenter ? [dataCenterHelp] : [...cloudHelp, ...(deploymentOf(state) === 'cloud' ? [] : [dataCenterHelp])],
  };
}

const expiresWords: FieldWords = {
  label: 'Expiry date of the token',
  hint: 'YYYY-MM-DD, or +90 for 90 days from now. Enter: not known.',
  example: '2027-05-31',
  help: [
    plain(
      'The date you chose when the token was made. A token ends after at most 365 days, and Jira does not tell when.',
    ),
    plain('With it, jirakey list warns in time, and a refused sign-in can be explained.'),
    plain('You find it beside the token’s name here:'),
    address(tokenPage),
  ],
};

export const confirmWords = {label: labels.confirm, hint: 'Type it once more. If you lose it, nobody can recover it.'};

export const connectorHelp: readonly Passage[] = [
  {text: connectorTitles['jira-software'], tone: 'strong'},
  plain(
    'For a platform’s source or destination, or your own scripts: reads and writes issues. The test asks for what that needs.',
  ),
  {text: connectorTitles['jira-feeds'], tone: 'strong'},
  plain(
    'For feeds that only read: projects, issues, users, versions, components, boards, sprints. The test tries each of them.',
  ),
  plain('The credential itself is the same: one site, one account, one token.'),
];

/** What is under way while an answer of the world is awaited. */
export const doing = {
  rating: 'rating the passphrase',
  unlocking: 'opening the seal',
  saving: 'sealing and saving',
  'starting practice': 'starting the practice Jira',
  waiting: 'waiting',
  'reading certificates': 'reading the certificates',
} as const;
