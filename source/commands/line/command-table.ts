/** Every command: what it takes, what it does, how it is used. The grammar, help and completion read it. */
import {
  connecting,
  newPassphraseSources,
  type OptionName,
  passphraseSources,
  tokenSources,
  unlocking,
} from './options.ts';

export type CommandRow = Readonly<{
  /** One line of `jirakey --help`. */
  says: string;
  /** Positional arguments as help shows them, `[…]` optional. */
  takes?: string;
  /** How many positional arguments it takes at least and at most. */
  count?: readonly [number, number];
  /** Takes a command of the user's own after `--`. */
  rest?: boolean;
  options: readonly OptionName[];
  /** Sentences for `--help`, beyond `says`. */
  more?: readonly string[];
  /** Command lines with what each does. */
  examples: readonly (readonly [string, string])[];
}>;

const answers = ['connector', 'name', 'description', 'url', 'username', 'expires'] as const;

export const commandTable = {
  setup: {
    says: 'the assistant: from nothing to a tested, sealed credential (also plain `jirakey`)',
    options: [
      ...answers,
      'no-input',
      'save-untested',
      'replace',
      'keep-connection',
      ...tokenSources,
      ...passphraseSources,
      ...connecting,
    ],
    more: [
      'Answers given as options are filled in. With --no-input nothing is asked: --name, --url, --username, a token',
      'source and a passphrase source are needed. It is saved when the test passes, or with --save-untested. What --proxy,',
      '--ca-file, --ca-only, --resolve and --timeout say is saved with it, what variables say with --keep-connection.',
      'A name that is taken is refused; with --replace that credential is changed, so that the command may run again.',
    ],
    examples: [
      ['jirakey', 'start the assistant'],
      ['jirakey setup --url acme.atlassian.net --connector jira-feeds', 'start it with two answers given'],
      [
        'jirakey setup --no-input --name acme --url acme.atlassian.net --username you@acme.com --token-file t --passphrase-file p',
        'from a script: test, then save',
      ],
    ],
  },
  test: {
    says: 'the connection test, on a saved credential or on values given here',
    takes: '[NAME]',
    count: [0, 1],
    options: [
      'url',
      'username',
      'connector',
      'watch',
      'all',
      'monitor-format',
      'remember',
      ...tokenSources,
      ...unlocking,
      ...connecting,
    ],
    more: [
      'With --url and --username nothing is saved. The exit code names the area of the cause; with --all it is the',
      'most severe of all: store, then sign-in and permission, then what lies between here and Jira. --quiet says nothing',
      'at all when every test passed and no token ends within 30 days, which is what cron wants. --format prometheus prints',
      'metrics for the textfile folder of a node exporter; --format nagios prints the line of a plugin and exits 0, 1, 2 or 3',
      'as monitors expect: passed, passed with a warning, failed, not tested.',
    ],
    examples: [
      ['jirakey test acme', 'test the saved credential “acme”'],
      ['jirakey test --url acme.atlassian.net --username you@acme.com --token-file t', 'test without saving'],
      ['jirakey test acme --json --passphrase-file p', 'the result as JSON, for a script'],
      ['jirakey test acme --watch 60', 'again every minute until it passes'],
      ['jirakey test --all', 'every saved credential, one after the other'],
      ['jirakey test --all --quiet --passphrase-file p', 'for cron: mail only when something is wrong or ends soon'],
      ['jirakey test --all --format prometheus --passphrase-file p', 'outcome and expiry as metrics'],
      ['jirakey test --all --format nagios --passphrase-file p', 'the check of a monitor'],
      ['jirakey test --all --remember 30', 'the same, and no passphrase for half an hour'],
    ],
  },
  list: {
    says: 'the saved credentials, with expiry and last test',
    options: [],
    examples: [
      ['jirakey list', 'a tile for each'],
      ['jirakey list --json | jq -r ".credentials[].name"', 'their names'],
    ],
  },
  show: {
    says: 'one saved credential in full, never the token',
    takes: 'NAME',
    count: [1, 1],
    options: [],
    examples: [['jirakey show acme', 'what is known about “acme”']],
  },
  edit: {
    says: 'the assistant on a saved credential, any field',
    takes: 'NAME',
    count: [1, 1],
    options: [
      'remember',
      ...answers,
      'no-input',
      'save-untested',
      'keep-connection',
      ...tokenSources,
      ...passphraseSources,
      ...connecting,
    ],
    more: [
      'Nothing is changed before the end, where the edited credential is tested and saved. With --no-input nothing is',
      'asked: what is given is changed, tested, and swapped when it passes, or with --save-untested; the rest stays.',
    ],
    examples: [
      ['jirakey edit acme', 'change “acme”'],
      ['jirakey edit acme --no-input --url jira.acme.example --passphrase-file p', 'from a script'],
    ],
  },
  fix: {
    says: 'test a saved credential and repair in place what is wrong',
    takes: 'NAME',
    count: [1, 1],
    options: ['remember', ...connecting],
    more: [
      'The assistant, straight at the connection test. When it fails, the checklist carries out the repair: another',
      'answer, a CA, a proxy, a fixed address, a new token. It is saved when the test passes, as with edit.',
    ],
    examples: [['jirakey fix acme', 'the day “acme” stops working']],
  },
  rotate: {
    says: 'a new token for a saved credential: tested first, swapped when it passes',
    takes: 'NAME',
    count: [1, 1],
    options: [
      'expires',
      'no-input',
      'remember',
      'lost-passphrase',
      'yes',
      'keep-connection',
      ...tokenSources,
      ...unlocking,
      ...newPassphraseSources,
      ...connecting,
    ],
    more: [
      'Until the new token has passed the connection test the old one stays saved. A new token that was typed and could',
      'not be tested is kept, sealed, for the next rotate. The exit code is the test’s. With --lost-passphrase the old',
      'seal is not opened: name, description, site and username are taken as they stand in clear, shown, and confirmed',
      'by you (in a script by --yes); the store as it was is kept beside the new one.',
    ],
    examples: [
      ['jirakey rotate acme', 'asks for the new token'],
      ['jirakey rotate acme --no-input --token-file t --passphrase-file p --expires 2027-11-22', 'from a script'],
      ['jirakey rotate acme --lost-passphrase', 'when nobody knows the passphrase any more'],
    ],
  },
  passphrase: {
    says: 'change the passphrase: every credential is sealed anew, all or nothing',
    options: ['remember', ...unlocking, ...newPassphraseSources],
    more: [
      'The old passphrase is needed. Where it is lost, the tokens are as well: jirakey rotate NAME --lost-passphrase',
      'makes one credential after the other new, and keeps everything about it but the token.',
    ],
    examples: [
      ['jirakey passphrase', 'asks for the old and the new one'],
      ['jirakey passphrase --passphrase-file old --new-passphrase-file new', 'from a script'],
      ['jirakey passphrase --remember 0', 'forget what --remember keeps; changes nothing'],
    ],
  },
  key: {
    says: 'further ways to open the store: another passphrase, an age recipient',
    takes: 'list|add NAME|remove NAME',
    count: [1, 2],
    options: ['recipient', 'new-key', ...unlocking, ...newPassphraseSources],
    more: [
      'add takes the age recipient of --recipient, or another passphrase. An identity opens the store as',
      '--identity-file, in a service as the credential jirakey.identity of its unit. What is removed still opens old',
      'copies of the store; with --new-key nothing that is sealed from then on.',
    ],
    examples: [
      ['jirakey key list', 'what opens the store'],
      ['jirakey key add backup --recipient age1…', 'the identity of this recipient opens it, too'],
      ['jirakey key add team --new-passphrase-file f', 'another passphrase opens it, too'],
      ['jirakey key remove backup --new-key', 'it opens nothing that is sealed from now on'],
    ],
  },
  token: {
    says: 'the token alone on stdout, for a pipe',
    takes: 'NAME',
    count: [1, 1],
    options: ['reveal', 'remember', ...unlocking],
    more: ['On a terminal only with --reveal: what stands there stays in the scrollback.'],
    examples: [
      ['jirakey token acme | wl-copy', 'into the clipboard'],
      ['jirakey token acme --reveal', 'onto this terminal'],
    ],
  },
  exec: {
    says: 'run a program with the credential in its environment only',
    takes: 'NAME',
    count: [1, 1],
    rest: true,
    options: ['token-in-file', 'no-masking', 'no-connection', 'remember', ...unlocking],
    more: [
      'It gets JIRA_URL and JIRA_BASE_URL (both where requests go), JIRA_SITE, JIRA_USERNAME, JIRA_API_TOKEN,',
      'JIRA_AUTH_TYPE (basic or bearer) and, of a personal access token, JIRA_PERSONAL_TOKEN. Its output is searched',
      'for pieces of the token in every usual form, and *** written instead. On a terminal it has one',
      'of its own (made by util-linux’s script, which never sees the token), so editors, pagers and questions work;',
      'Ctrl-C and Ctrl-Z go to the program. Its status is',
      'passed on: 128+N for signal N, 127 where there is no such program. With --token-file the token is not in',
      'its environment but in a file in memory, whose path is in JIRA_API_TOKEN_FILE; the file is gone at the end.',
    ],
    examples: [
      ['jirakey exec acme -- ./sync-issues.sh', 'one script'],
      ['jirakey exec acme -- bash', 'a shell that has the credential, until it is left'],
      ['jirakey exec acme --token-file -- ./deploy.sh', 'the token in a file, for what logs its environment'],
      ['jirakey exec acme --no-masking -- vim', 'without looking at the output'],
    ],
  },
  export: {
    says: 'a credential in the form of another tool',
    takes: 'NAME',
    count: [1, 1],
    options: ['format', 'template', 'reveal', 'remember', ...unlocking],
    more: [
      'A form that holds the token goes to a pipe or a file, to a terminal only with --reveal. nexla-form holds it',
      'only with --reveal, jira-cli never: that takes it from its environment. What a form cannot do is said on stderr.',
    ],
    examples: [
      ['eval "$(jirakey export acme --format env)"', 'into this shell'],
      ['jirakey export acme --format nexla-form', 'what to type into the form'],
      ['jirakey export acme --format netrc >> ~/.netrc', 'for curl --netrc'],
      ['jirakey export acme --template {baseUrl}', 'where requests go, for any other tool'],
    ],
  },
  remove: {
    says: 'remove a saved credential',
    takes: 'NAME',
    count: [1, 1],
    options: ['yes'],
    more: ['The token itself stays valid at Atlassian until you revoke it there.'],
    examples: [
      ['jirakey remove acme', 'asks first'],
      ['jirakey remove acme --yes', 'does not ask'],
    ],
  },
  explain: {
    says: 'the checklist of a failure code, offline; without CODE the list of all',
    takes: '[CODE]',
    count: [0, 1],
    options: [],
    more: ['A number leads to the codes behind it: the status of an HTTP answer, or the exit status of jirakey.'],
    examples: [
      ['jirakey explain', 'every code'],
      ['jirakey explain certificate-untrusted', 'what proves it, what to do'],
      ['jirakey explain 401', 'the codes that an HTTP answer of this status can mean'],
      ['jirakey explain 7', 'the codes that end jirakey with this exit status'],
    ],
  },
  doctor: {
    says: 'this machine: store, terminal, locale, proxy, CAs, clock, Node; no credential',
    options: ['ca-file', 'ca-only', 'proxy', 'fix', 'yes'],
    more: [
      'Nothing is sent, and without --fix nothing is changed. Exit 10 when the store cannot be used as it is.',
      'With --fix it takes rights away from others, removes what cut-off saves left, and puts the backup back where the',
      'store is damaged or missing (the damaged file is kept). It asks first; it never touches what is not yours.',
    ],
    examples: [
      ['jirakey doctor', 'look at this machine'],
      ['jirakey doctor --fix', 'and mend the store'],
      ['jirakey doctor --json', 'the same for a script'],
    ],
  },
  report: {
    says: 'the last test as a text safe to post, or as a message to an admin',
    takes: '[NAME]',
    count: [0, 1],
    options: ['for', 'copy', 'remember', ...unlocking],
    more: [
      'Without NAME it is the last test of all, also of what was not saved. Who signs in is only hinted at; a message to an',
      'admin names the account. With a passphrase source the text is searched for the token itself, else for anything shaped',
      'like one; a text that holds a secret is not printed (exit 1).',
    ],
    examples: [
      ['jirakey report acme', 'for a ticket'],
      ['jirakey report', 'of what was tested last'],
      ['jirakey report --for network-admin', 'what to ask the network admin, with the evidence'],
      ['jirakey report acme --for jira-admin --copy', 'and into the clipboard of your terminal'],
    ],
  },
  practice: {
    says: 'try everything against an embedded practice Jira, without an account',
    options: ['fault', 'list', 'serve', 'port', 'no-input'],
    more: [
      'It starts with an empty store of its own, gone at its end; --store DIR keeps one. With --no-input, or without a',
      'terminal, the connection test runs against the practice Jira and its result is printed.',
    ],
    examples: [
      ['jirakey practice', 'the assistant, with a Jira that says yes'],
      ['jirakey practice --fault token-scope-missing', 'rehearse one failure'],
      ['jirakey practice --list', 'the faults it can play'],
      ['jirakey practice --serve', 'keep it running for another terminal'],
    ],
  },
  path: {
    says: 'the file of the store, nothing else',
    options: [],
    more: ['The file need not exist yet; nothing is opened and nothing is asked.'],
    examples: [
      ['jirakey path', 'where the saved credentials are'],
      ['ls -l "$(jirakey path)"', 'who may read it'],
    ],
  },
  completion: {
    says: 'shell completion',
    takes: 'bash|zsh|fish',
    count: [1, 1],
    options: [],
    more: [
      'It completes commands, options, saved names, failure codes and formats. For good: the line of your shell below,',
      'once. The package for Debian brings it already.',
    ],
    examples: [
      ['jirakey completion bash > ~/.local/share/bash-completion/completions/jirakey', 'bash, with bash-completion'],
      ['jirakey completion zsh > ~/.zfunc/_jirakey', 'zsh, with ~/.zfunc in fpath before compinit'],
      ['jirakey completion fish > ~/.config/fish/completions/jirakey.fish', 'fish'],
      ['source <(jirakey completion bash)', 'for this shell only'],
    ],
  },
} as const satisfies Readonly<Record<string, CommandRow>>;

export type CommandName = keyof typeof commandTable;
export const commandRow = (name: CommandName): CommandRow => commandTable[name];
export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandTable, name);
export const commandNames = Object.keys(commandTable).filter(isCommandName);
